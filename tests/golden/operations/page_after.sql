WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$13) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$12) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM org_unit AS t$9 
WHERE t$9.path >= $5::VARCHAR COLLATE "C" AND t$9.path < $6::VARCHAR COLLATE "C" AND t$9.level = ANY ($7::org_level[]) AND (t$9.grams @> $8::TEXT[] COLLATE "C") AND t$9.folded LIKE $9::VARCHAR COLLATE "C" AND t$9.code LIKE $10::VARCHAR COLLATE "C" AND (EXISTS (SELECT 1 
FROM org_unit AS t$10 
WHERE t$10.path >= $5::VARCHAR COLLATE "C" AND t$10.path < $6::VARCHAR COLLATE "C" AND t$10.parent_path = t$9.path))) AS "totalCount", g$8."$1_0" AS nodes, g$8."$2_0" AS edges, (SELECT row_to_json(r$11) AS row_to_json_3 
FROM (SELECT g$8."$3_0" AS "hasNextPage", false AS "hasPreviousPage", g$8."$3_2" AS "startCursor", g$8."$3_3" AS "endCursor") AS r$11) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$5) AS row_to_json_4 
FROM (SELECT p$4.name AS name) AS r$5)) FILTER (WHERE p$4."$place" <= $11::INTEGER), '[]'::json) AS "$1_0", coalesce(json_agg((SELECT row_to_json(r$7) AS row_to_json_5 
FROM (SELECT translate(encode(substr(sha256($12::BYTEA || sha256($12::BYTEA || uuid_send(p$4.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$4.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($12::BYTEA || sha256($12::BYTEA || uuid_send(p$4.id))), 1, 16) || $12::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_') AS cursor, (SELECT row_to_json(r$6) AS row_to_json_6 
FROM (SELECT p$4.code AS code) AS r$6) AS node) AS r$7)) FILTER (WHERE p$4."$place" <= $11::INTEGER), '[]'::json) AS "$2_0", count(*) > $11::INTEGER AS "$3_0", max(translate(encode(substr(sha256($12::BYTEA || sha256($12::BYTEA || uuid_send(p$4.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$4.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($12::BYTEA || sha256($12::BYTEA || uuid_send(p$4.id))), 1, 16) || $12::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$4."$place" = 1) AS "$3_2", max(translate(encode(substr(sha256($12::BYTEA || sha256($12::BYTEA || uuid_send(p$4.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$4.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($12::BYTEA || sha256($12::BYTEA || uuid_send(p$4.id))), 1, 16) || $12::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$4."$place" = least(p$4."$total", $11::INTEGER)) AS "$3_3" 
FROM (SELECT p$3.id AS id, p$3.level AS level, p$3.code AS code, p$3.name AS name, p$3.parent_path AS parent_path, p$3.path AS path, p$3.pinyin AS pinyin, p$3.sorting AS sorting, p$3.version AS version, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.version AS version 
FROM org_unit AS t$1 
WHERE t$1.path >= $5::VARCHAR COLLATE "C" AND t$1.path < $6::VARCHAR COLLATE "C" AND t$1.level = ANY ($7::org_level[]) AND (t$1.grams @> $8::TEXT[] COLLATE "C") AND t$1.folded LIKE $9::VARCHAR COLLATE "C" AND t$1.code LIKE $10::VARCHAR COLLATE "C" AND (EXISTS (SELECT 1 
FROM org_unit AS t$2 
WHERE t$2.path >= $5::VARCHAR COLLATE "C" AND t$2.path < $6::VARCHAR COLLATE "C" AND t$2.parent_path = t$1.path)) ORDER BY t$1.sorting DESC, t$1.path 
 LIMIT $11::INTEGER + 1) AS p$3) AS p$4) AS g$8) AS r$12) AS "orgUnits") AS r$13) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

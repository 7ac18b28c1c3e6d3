WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$8) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$7) AS row_to_json_2 
FROM (SELECT g$5."$0_0" AS nodes, (SELECT row_to_json(r$6) AS row_to_json_3 
FROM (SELECT false AS "hasNextPage", g$5."$1_1" AS "hasPreviousPage", g$5."$1_2" AS "startCursor", g$5."$1_3" AS "endCursor") AS r$6) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT p$3.name AS name) AS r$4)) FILTER (WHERE p$3."$place" <= $5::INTEGER), '[]'::json) AS "$0_0", count(*) > $5::INTEGER AS "$1_1", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$3.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || $6::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = least(p$3."$total", $5::INTEGER)) AS "$1_2", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$3.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || $6::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = 1) AS "$1_3" 
FROM (SELECT p$2.id AS id, p$2.level AS level, p$2.code AS code, p$2.name AS name, p$2.parent_path AS parent_path, p$2.path AS path, p$2.pinyin AS pinyin, p$2.sorting AS sorting, p$2.version AS version, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.version AS version 
FROM org_unit AS t$1 
WHERE t$1.path >= $7::VARCHAR COLLATE "C" AND t$1.path < $8::VARCHAR COLLATE "C" AND t$1.level = ANY ($9::org_level[]) ORDER BY t$1.level, t$1.code DESC, t$1.sorting DESC, t$1.path DESC 
 LIMIT $5::INTEGER + 1) AS p$2 ORDER BY "$place" DESC) AS p$3) AS g$5) AS r$7) AS "orgUnits") AS r$8) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

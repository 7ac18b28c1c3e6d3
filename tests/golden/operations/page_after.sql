WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r13) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r12) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM org_unit AS t9 
WHERE t9.path >= $5::VARCHAR COLLATE "C" AND t9.path < $6::VARCHAR COLLATE "C" AND t9.level = ANY ($7::org_level[]) AND (t9.grams @> $8::TEXT[] COLLATE "C") AND lower(normalize(t9.name, NFKC)) LIKE $9::VARCHAR AND t9.code LIKE $10::VARCHAR COLLATE "C" AND (EXISTS (SELECT 1 
FROM org_unit AS t10 
WHERE t10.path >= $5::VARCHAR COLLATE "C" AND t10.path < $6::VARCHAR COLLATE "C" AND t10.parent_path = t9.path))) AS "totalCount", g8.g1_ AS nodes, g8.g2_ AS edges, (SELECT row_to_json(r11) AS row_to_json_3 
FROM (SELECT g8."g3_hasNextPage" AS "hasNextPage", false AS "hasPreviousPage", g8."g3_startCursor" AS "startCursor", g8."g3_endCursor" AS "endCursor") AS r11) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r5) AS row_to_json_4 
FROM (SELECT p4.name AS name) AS r5)) FILTER (WHERE p4._place <= $11::INTEGER), '[]'::json) AS g1_, coalesce(json_agg((SELECT row_to_json(r7) AS row_to_json_5 
FROM (SELECT translate(encode(substr(sha256($12::BYTEA || sha256($12::BYTEA || convert_to(CAST(json_build_array(CAST(p4.pinyin AS TEXT), CAST(p4.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p4.pinyin AS TEXT), CAST(p4.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_') AS cursor, (SELECT row_to_json(r6) AS row_to_json_6 
FROM (SELECT p4.code AS code) AS r6) AS node) AS r7)) FILTER (WHERE p4._place <= $11::INTEGER), '[]'::json) AS g2_, count(*) > $11::INTEGER AS "g3_hasNextPage", max(translate(encode(substr(sha256($12::BYTEA || sha256($12::BYTEA || convert_to(CAST(json_build_array(CAST(p4.pinyin AS TEXT), CAST(p4.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p4.pinyin AS TEXT), CAST(p4.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p4._place = 1) AS "g3_startCursor", max(translate(encode(substr(sha256($12::BYTEA || sha256($12::BYTEA || convert_to(CAST(json_build_array(CAST(p4.pinyin AS TEXT), CAST(p4.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p4.pinyin AS TEXT), CAST(p4.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p4._place = least(p4._total, $11::INTEGER)) AS "g3_endCursor" 
FROM (SELECT p3.id AS id, p3.level AS level, p3.code AS code, p3.name AS name, p3.parent_path AS parent_path, p3.path AS path, p3.pinyin AS pinyin, row_number() OVER () AS _place, count(*) OVER () AS _total 
FROM (SELECT t1.id AS id, t1.level AS level, t1.code AS code, t1.name AS name, t1.parent_path AS parent_path, t1.path AS path, t1.pinyin AS pinyin 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" AND t1.level = ANY ($7::org_level[]) AND (t1.grams @> $8::TEXT[] COLLATE "C") AND lower(normalize(t1.name, NFKC)) LIKE $9::VARCHAR AND t1.code LIKE $10::VARCHAR COLLATE "C" AND (EXISTS (SELECT 1 
FROM org_unit AS t2 
WHERE t2.path >= $5::VARCHAR COLLATE "C" AND t2.path < $6::VARCHAR COLLATE "C" AND t2.parent_path = t1.path)) ORDER BY t1.pinyin DESC, t1.path DESC 
 LIMIT $11::INTEGER + 1) AS p3) AS p4) AS g8) AS r12) AS "orgUnits") AS r13) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

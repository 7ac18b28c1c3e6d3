WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r14) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r8) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM (SELECT CAST(NULL AS UUID) AS id, CAST(NULL AS INTEGER) AS rank, CAST(NULL AS INTEGER) AS weight, CAST(NULL AS INTEGER) AS kind, CAST(NULL AS TEXT) AS key 
WHERE false) AS u6) AS "totalCount", g5.g1_ AS nodes, g5.g2_ AS edges, (SELECT row_to_json(r7) AS row_to_json_3 
FROM (SELECT g5."g3_endCursor" AS "endCursor") AS r7) AS "pageInfo" 
FROM (SELECT coalesce(json_agg(CAST(NULL AS JSON)) FILTER (WHERE p3._place <= $5::INTEGER), '[]'::json) AS g1_, coalesce(json_agg((SELECT row_to_json(r4) AS row_to_json_4 
FROM (SELECT translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || convert_to(CAST(json_build_array(CAST(p3.rank AS TEXT), CAST(p3.weight AS TEXT), CAST(p3.kind AS TEXT), CAST(p3.key AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p3.rank AS TEXT), CAST(p3.weight AS TEXT), CAST(p3.kind AS TEXT), CAST(p3.key AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_') AS cursor) AS r4)) FILTER (WHERE p3._place <= $5::INTEGER), '[]'::json) AS g2_, max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || convert_to(CAST(json_build_array(CAST(p3.rank AS TEXT), CAST(p3.weight AS TEXT), CAST(p3.kind AS TEXT), CAST(p3.key AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p3.rank AS TEXT), CAST(p3.weight AS TEXT), CAST(p3.kind AS TEXT), CAST(p3.key AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p3._place = least(p3._total, $5::INTEGER)) AS "g3_endCursor" 
FROM (SELECT p2.id AS id, p2.rank AS rank, p2.weight AS weight, p2.kind AS kind, p2.key AS key, row_number() OVER () AS _place, count(*) OVER () AS _total 
FROM (SELECT u1.id AS id, u1.rank AS rank, u1.weight AS weight, u1.kind AS kind, u1.key AS key 
FROM (SELECT CAST(NULL AS UUID) AS id, CAST(NULL AS INTEGER) AS rank, CAST(NULL AS INTEGER) AS weight, CAST(NULL AS INTEGER) AS kind, CAST(NULL AS TEXT) AS key 
WHERE false) AS u1 ORDER BY u1.rank, u1.weight, u1.kind, u1.key 
 LIMIT $5::INTEGER + 1) AS p2) AS p3) AS g5) AS r8) AS search, (SELECT row_to_json(r13) AS row_to_json_5 
FROM (SELECT g12.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r11) AS row_to_json_6 
FROM (SELECT 'ou_' || CAST(p10.id AS TEXT) AS id) AS r11)), '[]'::json) AS g0_ 
FROM (SELECT t9.id AS id, t9.level AS level, t9.code AS code, t9.name AS name, t9.parent_path AS parent_path, t9.path AS path, t9.pinyin AS pinyin 
FROM org_unit AS t9 
WHERE t9.path >= $7::VARCHAR COLLATE "C" AND t9.path < $8::VARCHAR COLLATE "C" AND t9.level = ANY ($9::org_level[]) ORDER BY t9.path 
 LIMIT $10::INTEGER) AS p10) AS g12) AS r13) AS "orgUnits") AS r14) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

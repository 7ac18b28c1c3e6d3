WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r29) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r28) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r7) AS row_to_json_3 
FROM (SELECT (SELECT count(*) AS count_1 
FROM org_unit AS t6 
WHERE t6.path >= $5::VARCHAR COLLATE "C" AND t6.path < $6::VARCHAR COLLATE "C" AND t6.path > t1.path AND t6.path < (left(t1.path, -1) || '0') AND t6.level = $7::org_level) AS "totalCount", g5.g1_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r4) AS row_to_json_4 
FROM (SELECT p3.name AS name) AS r4)), '[]'::json) AS g1_ 
FROM (SELECT t2.id AS id, t2.level AS level, t2.code AS code, t2.name AS name, t2.parent_path AS parent_path, t2.path AS path, t2.pinyin AS pinyin 
FROM org_unit AS t2 
WHERE t2.path >= $5::VARCHAR COLLATE "C" AND t2.path < $6::VARCHAR COLLATE "C" AND t2.path > t1.path AND t2.path < (left(t1.path, -1) || '0') AND t2.level = $7::org_level ORDER BY t2.path 
 LIMIT $8::INTEGER) AS p3) AS g5) AS r7) AS communities, (SELECT row_to_json(r13) AS row_to_json_5 
FROM (SELECT g12.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r11) AS row_to_json_6 
FROM (SELECT p10.name AS name) AS r11)), '[]'::json) AS g0_ 
FROM (SELECT t8.id AS id, t8.level AS level, t8.code AS code, t8.name AS name, t8.parent_path AS parent_path, t8.path AS path, t8.pinyin AS pinyin 
FROM org_unit AS t8 
WHERE t8.path >= $5::VARCHAR COLLATE "C" AND t8.path < $6::VARCHAR COLLATE "C" AND t8.path > t1.path AND t8.path < (left(t1.path, -1) || '0') AND t8.level = $9::org_level AND NOT (EXISTS (SELECT 1 
FROM org_unit AS t9 
WHERE t9.path >= $5::VARCHAR COLLATE "C" AND t9.path < $6::VARCHAR COLLATE "C" AND t9.parent_path = t8.path)) ORDER BY t8.path 
 LIMIT $10::INTEGER) AS p10) AS g12) AS r13) AS "withoutGrids", (SELECT row_to_json(r27) AS row_to_json_7 
FROM (SELECT g26.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r25) AS row_to_json_8 
FROM (SELECT p16.name AS name, (SELECT row_to_json(r18) AS row_to_json_9 
FROM (SELECT t17.code AS code 
FROM org_unit AS t17 
WHERE t17.path >= $5::VARCHAR COLLATE "C" AND t17.path < $6::VARCHAR COLLATE "C" AND t17.path = p16.unit_path) AS r18) AS unit, (SELECT row_to_json(r24) AS row_to_json_10 
FROM (SELECT t19.name AS name, (SELECT row_to_json(r23) AS row_to_json_11 
FROM (SELECT (SELECT count(*) AS count_2 
FROM party_organization AS t22 
WHERE t22.unit_path >= $11::VARCHAR COLLATE "C" AND t22.unit_path < $12::VARCHAR COLLATE "C" AND t22.parent_id = t19.id) AS "totalCount") AS r23) AS subordinates 
FROM party_organization AS t19 
WHERE t19.unit_path >= $11::VARCHAR COLLATE "C" AND t19.unit_path < $12::VARCHAR COLLATE "C" AND t19.id = p16.parent_id) AS r24) AS parent) AS r25)), '[]'::json) AS g0_ 
FROM (SELECT t14.id AS id, t14.unit_path AS unit_path, t14.parent_id AS parent_id, t14.tier AS tier, t14.kind AS kind, t14.name AS name, t14.pinyin AS pinyin 
FROM party_organization AS t14 
WHERE t14.unit_path >= $11::VARCHAR COLLATE "C" AND t14.unit_path < $12::VARCHAR COLLATE "C" AND t14.unit_path >= t1.path AND t14.unit_path < (left(t1.path, -1) || '0') AND t14.tier = ANY ($13::party_tier[]) AND NOT (EXISTS (SELECT 1 
FROM party_organization AS t15 
WHERE t15.unit_path >= $11::VARCHAR COLLATE "C" AND t15.unit_path < $12::VARCHAR COLLATE "C" AND t15.parent_id = t14.id)) ORDER BY t14.pinyin, t14.id 
 LIMIT $14::INTEGER) AS p16) AS g26) AS r27) AS "partyOrganizations" 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" AND t1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $15::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $15::VARCHAR) ORDER BY t1.code != $15::VARCHAR, t1.path 
 LIMIT 1) AS r28) AS "orgUnit") AS r29) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

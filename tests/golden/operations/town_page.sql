WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r18) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r17) AS row_to_json_2 
FROM (SELECT 'ou_' || CAST(t1.id AS TEXT) AS id, t1.name AS name, (SELECT row_to_json(r16) AS row_to_json_3 
FROM (SELECT g15.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r14) AS row_to_json_4 
FROM (SELECT 'ou_' || CAST(p3.id AS TEXT) AS id, p3.name AS name, (SELECT row_to_json(r13) AS row_to_json_5 
FROM (SELECT g12.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r11) AS row_to_json_6 
FROM (SELECT p5.code AS code, (SELECT row_to_json(r10) AS row_to_json_7 
FROM (SELECT g9.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r8) AS row_to_json_8 
FROM (SELECT p7.name AS name, p7.kind AS kind, p7.tier AS tier) AS r8)), '[]'::json) AS g0_ 
FROM (SELECT t6.id AS id, t6.unit_path AS unit_path, t6.parent_id AS parent_id, t6.tier AS tier, t6.kind AS kind, t6.name AS name, t6.pinyin AS pinyin 
FROM party_organization AS t6 
WHERE t6.unit_path >= $5::VARCHAR COLLATE "C" AND t6.unit_path < $6::VARCHAR COLLATE "C" AND t6.unit_path >= p5.path AND t6.unit_path < (left(p5.path, -1) || '0') ORDER BY t6.unit_path, t6.id 
 LIMIT $7::INTEGER) AS p7) AS g9) AS r10) AS "partyOrganizations") AS r11)), '[]'::json) AS g0_ 
FROM (SELECT t4.id AS id, t4.level AS level, t4.code AS code, t4.name AS name, t4.parent_path AS parent_path, t4.path AS path, t4.pinyin AS pinyin 
FROM org_unit AS t4 
WHERE t4.path >= $8::VARCHAR COLLATE "C" AND t4.path < $9::VARCHAR COLLATE "C" AND t4.parent_path = p3.path ORDER BY t4.path 
 LIMIT $10::INTEGER) AS p5) AS g12) AS r13) AS children) AS r14)), '[]'::json) AS g0_ 
FROM (SELECT t2.id AS id, t2.level AS level, t2.code AS code, t2.name AS name, t2.parent_path AS parent_path, t2.path AS path, t2.pinyin AS pinyin 
FROM org_unit AS t2 
WHERE t2.path >= $8::VARCHAR COLLATE "C" AND t2.path < $9::VARCHAR COLLATE "C" AND t2.parent_path = t1.path ORDER BY t2.path 
 LIMIT $11::INTEGER) AS p3) AS g15) AS r16) AS children 
FROM org_unit AS t1 
WHERE t1.path >= $8::VARCHAR COLLATE "C" AND t1.path < $9::VARCHAR COLLATE "C" AND t1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $12::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $12::VARCHAR) ORDER BY t1.code != $12::VARCHAR, t1.path 
 LIMIT 1) AS r17) AS "orgUnit") AS r18) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r16) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r13) AS row_to_json_2 
FROM (SELECT g12.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r11) AS row_to_json_3 
FROM (SELECT p2.name AS name, (SELECT row_to_json(r6) AS row_to_json_4 
FROM (SELECT (SELECT count(*) AS count_1 
FROM org_unit AS t5 
WHERE t5.path = $5::VARCHAR COLLATE "C" AND t5.parent_path = p2.path) AS "totalCount") AS r6) AS children, (SELECT row_to_json(r10) AS row_to_json_5 
FROM (SELECT (SELECT count(*) AS count_2 
FROM party_organization AS t9 
WHERE false) AS "totalCount") AS r10) AS "partyOrganizations") AS r11)), '[]'::json) AS g0_ 
FROM (SELECT t1.id AS id, t1.level AS level, t1.code AS code, t1.name AS name, t1.parent_path AS parent_path, t1.path AS path, t1.pinyin AS pinyin 
FROM org_unit AS t1 
WHERE t1.path = $5::VARCHAR COLLATE "C" ORDER BY t1.path 
 LIMIT $6::INTEGER) AS p2) AS g12) AS r13) AS "orgUnits", (SELECT row_to_json(r15) AS row_to_json_6 
FROM (SELECT t14.name AS name 
FROM org_unit AS t14 
WHERE t14.path = $5::VARCHAR COLLATE "C" AND t14.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $7::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $7::VARCHAR) ORDER BY t14.code != $7::VARCHAR, t14.path 
 LIMIT 1) AS r15) AS "orgUnit") AS r16) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r8) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r7) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r6) AS row_to_json_3 
FROM (SELECT g5.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r4) AS row_to_json_4 
FROM (SELECT p3.name AS name, p3.code AS code) AS r4)), '[]'::json) AS g0_ 
FROM (SELECT t2.id AS id, t2.level AS level, t2.code AS code, t2.name AS name, t2.parent_path AS parent_path, t2.path AS path, t2.pinyin AS pinyin 
FROM org_unit AS t2 
WHERE t2.path >= $5::VARCHAR COLLATE "C" AND t2.path < $6::VARCHAR COLLATE "C" AND t2.parent_path = t1.path ORDER BY t2.path 
 LIMIT $7::INTEGER) AS p3) AS g5) AS r6) AS children, 'ou_' || CAST(t1.id AS TEXT) AS id, t1.level AS level 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" AND t1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $8::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $8::VARCHAR) ORDER BY t1.code != $8::VARCHAR, t1.path 
 LIMIT 1) AS r7) AS "orgUnit") AS r8) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

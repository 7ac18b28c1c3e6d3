WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r13) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r2) AS row_to_json_2 
FROM (SELECT t1.name AS name 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" AND t1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $7::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $7::VARCHAR) ORDER BY t1.code != $7::VARCHAR, t1.path 
 LIMIT 1) AS r2) AS short, (SELECT row_to_json(r4) AS row_to_json_3 
FROM (SELECT t3.name AS name 
FROM org_unit AS t3 
WHERE t3.path >= $5::VARCHAR COLLATE "C" AND t3.path < $6::VARCHAR COLLATE "C" AND t3.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $8::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $8::VARCHAR) ORDER BY t3.code != $8::VARCHAR, t3.path 
 LIMIT 1) AS r4) AS long, (SELECT row_to_json(r6) AS row_to_json_4 
FROM (SELECT t5.name AS name 
FROM org_unit AS t5 
WHERE t5.path >= $5::VARCHAR COLLATE "C" AND t5.path < $6::VARCHAR COLLATE "C" AND t5.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $9::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $9::VARCHAR) ORDER BY t5.code != $9::VARCHAR, t5.path 
 LIMIT 1) AS r6) AS former, (SELECT row_to_json(r8) AS row_to_json_5 
FROM (SELECT t7.name AS name 
FROM org_unit AS t7 
WHERE t7.path >= $5::VARCHAR COLLATE "C" AND t7.path < $6::VARCHAR COLLATE "C" AND t7.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $10::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $10::VARCHAR) ORDER BY t7.code != $10::VARCHAR, t7.path 
 LIMIT 1) AS r8) AS "hiddenButFormer", (SELECT row_to_json(r10) AS row_to_json_6 
FROM (SELECT t9.name AS name 
FROM org_unit AS t9 
WHERE t9.path >= $5::VARCHAR COLLATE "C" AND t9.path < $6::VARCHAR COLLATE "C" AND t9.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $11::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $11::VARCHAR) ORDER BY t9.code != $11::VARCHAR, t9.path 
 LIMIT 1) AS r10) AS hidden, (SELECT row_to_json(r12) AS row_to_json_7 
FROM (SELECT t11.name AS name 
FROM org_unit AS t11 
WHERE t11.path >= $5::VARCHAR COLLATE "C" AND t11.path < $6::VARCHAR COLLATE "C" AND t11.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $12::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $12::VARCHAR) ORDER BY t11.code != $12::VARCHAR, t11.path 
 LIMIT 1) AS r12) AS none) AS r13) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r15) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r8) AS row_to_json_2 
FROM (SELECT (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t1.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t1.path)) AS place, (SELECT row_to_json(r5) AS row_to_json_3 
FROM (SELECT t2.name AS name, (SELECT row_to_json(r4) AS row_to_json_4 
FROM (SELECT t3.name AS name 
FROM org_unit AS t3 
WHERE t3.path >= $5::VARCHAR COLLATE "C" AND t3.path < $6::VARCHAR COLLATE "C" AND t3.path = t2.parent_path) AS r4) AS parent 
FROM org_unit AS t2 
WHERE t2.path >= $5::VARCHAR COLLATE "C" AND t2.path < $6::VARCHAR COLLATE "C" AND t2.path = t1.parent_path) AS r5) AS parent, (SELECT coalesce(json_agg(row_to_json(r7)), '[]'::json) AS coalesce_1 
FROM (SELECT t6.code AS code, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_2 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t6.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t6.path)) AS place 
FROM org_unit AS t6 
WHERE t6.path >= $5::VARCHAR COLLATE "C" AND t6.path < $6::VARCHAR COLLATE "C" AND t6.code = ANY (string_to_array(t1.parent_path, '/')) ORDER BY t6.path) AS r7) AS ancestors 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" AND t1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $7::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $7::VARCHAR) ORDER BY t1.code != $7::VARCHAR, t1.path 
 LIMIT 1) AS r8) AS "orgUnit", (SELECT row_to_json(r14) AS row_to_json_5 
FROM (SELECT (SELECT row_to_json(r11) AS row_to_json_6 
FROM (SELECT t10.name AS name 
FROM org_unit AS t10 
WHERE t10.path >= $5::VARCHAR COLLATE "C" AND t10.path < $6::VARCHAR COLLATE "C" AND t10.path = t9.parent_path) AS r11) AS parent, (SELECT coalesce(json_agg(row_to_json(r13)), '[]'::json) AS coalesce_2 
FROM (SELECT t12.name AS name 
FROM org_unit AS t12 
WHERE t12.path >= $5::VARCHAR COLLATE "C" AND t12.path < $6::VARCHAR COLLATE "C" AND t12.code = ANY (string_to_array(t9.parent_path, '/')) ORDER BY t12.path) AS r13) AS ancestors 
FROM org_unit AS t9 
WHERE t9.path >= $5::VARCHAR COLLATE "C" AND t9.path < $6::VARCHAR COLLATE "C" AND t9.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $8::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $8::VARCHAR) ORDER BY t9.code != $8::VARCHAR, t9.path 
 LIMIT 1) AS r14) AS top) AS r15) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

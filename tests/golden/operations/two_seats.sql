WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r16) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r10) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM org_unit AS t9 
WHERE t9.path >= $5::VARCHAR COLLATE "C" AND t9.path < $6::VARCHAR COLLATE "C" OR t9.path >= $7::VARCHAR COLLATE "C" AND t9.path < $8::VARCHAR COLLATE "C") AS "totalCount", g8.g1_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r7) AS row_to_json_3 
FROM (SELECT p2.name AS name, (SELECT row_to_json(r4) AS row_to_json_4 
FROM (SELECT t3.name AS name 
FROM org_unit AS t3 
WHERE (t3.path >= $5::VARCHAR COLLATE "C" AND t3.path < $6::VARCHAR COLLATE "C" OR t3.path >= $7::VARCHAR COLLATE "C" AND t3.path < $8::VARCHAR COLLATE "C") AND t3.path = p2.parent_path) AS r4) AS parent, (SELECT coalesce(json_agg(row_to_json(r6)), '[]'::json) AS coalesce_1 
FROM (SELECT t5.name AS name 
FROM org_unit AS t5 
WHERE (t5.path >= $5::VARCHAR COLLATE "C" AND t5.path < $6::VARCHAR COLLATE "C" OR t5.path >= $7::VARCHAR COLLATE "C" AND t5.path < $8::VARCHAR COLLATE "C") AND t5.code = ANY (string_to_array(p2.parent_path, '/')) ORDER BY t5.path) AS r6) AS ancestors) AS r7)), '[]'::json) AS g1_ 
FROM (SELECT t1.id AS id, t1.level AS level, t1.code AS code, t1.name AS name, t1.parent_path AS parent_path, t1.path AS path, t1.pinyin AS pinyin 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" OR t1.path >= $7::VARCHAR COLLATE "C" AND t1.path < $8::VARCHAR COLLATE "C" ORDER BY t1.path 
 LIMIT $9::INTEGER) AS p2) AS g8) AS r10) AS "orgUnits", (SELECT row_to_json(r15) AS row_to_json_5 
FROM (SELECT g14.g0_ AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r13) AS row_to_json_6 
FROM (SELECT p12.name AS name) AS r13)), '[]'::json) AS g0_ 
FROM (SELECT t11.id AS id, t11.unit_path AS unit_path, t11.parent_id AS parent_id, t11.tier AS tier, t11.kind AS kind, t11.name AS name, t11.pinyin AS pinyin 
FROM party_organization AS t11 
WHERE t11.unit_path >= $10::VARCHAR COLLATE "C" AND t11.unit_path < $11::VARCHAR COLLATE "C" OR t11.unit_path >= $12::VARCHAR COLLATE "C" AND t11.unit_path < $13::VARCHAR COLLATE "C" ORDER BY t11.unit_path, t11.id 
 LIMIT $14::INTEGER) AS p12) AS g14) AS r15) AS "partyOrganizations") AS r16) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

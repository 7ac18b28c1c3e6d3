WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r7) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r2) AS row_to_json_2 
FROM (SELECT 'OrgUnit' AS __typename, 'ou_' || CAST(t1.id AS TEXT) AS id, t1.name AS name 
FROM org_unit AS t1 
WHERE t1.path >= $5::VARCHAR COLLATE "C" AND t1.path < $6::VARCHAR COLLATE "C" AND t1.id = $7::UUID) AS r2) AS own, (SELECT row_to_json(r4) AS row_to_json_3 
FROM (SELECT 'ou_' || CAST(t3.id AS TEXT) AS id 
FROM org_unit AS t3 
WHERE t3.path >= $5::VARCHAR COLLATE "C" AND t3.path < $6::VARCHAR COLLATE "C" AND t3.id = $8::UUID) AS r4) AS hidden, (SELECT row_to_json(r6) AS row_to_json_4 
FROM (SELECT t5.name AS name 
FROM party_organization AS t5 
WHERE t5.unit_path >= $9::VARCHAR COLLATE "C" AND t5.unit_path < $10::VARCHAR COLLATE "C" AND t5.id = $11::UUID) AS r6) AS organization, NULL AS malformed) AS r7) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '365 days' AND account.closed_at IS NULL AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$7) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$6) AS row_to_json_2 
FROM (SELECT t$1.name AS name, (SELECT coalesce(json_agg(row_to_json(r$5)), '[]'::json) AS coalesce_1 
FROM (SELECT t$2.role AS role, t$2.since AS since, t$2.until AS until, (SELECT row_to_json(r$4) AS row_to_json_3 
FROM (SELECT t$3.name AS name 
FROM org_unit AS t$3 
WHERE t$3.path >= $5::VARCHAR COLLATE "C" AND t$3.path < $6::VARCHAR COLLATE "C" AND t$3.path = t$2.unit_path) AS r$4) AS seat 
FROM role_grant AS t$2 
WHERE (t$2.account_id = $7::UUID OR coalesce(t$2.unit_path, (SELECT property_company_1.unit_path 
FROM property_company AS property_company_1 
WHERE property_company_1.id = t$2.company_id), (SELECT building_1.unit_path 
FROM building AS building_1 
WHERE building_1.id = t$2.building_id), (SELECT member_1.unit_path 
FROM member AS member_1 
WHERE member_1.id = t$2.member_id)) >= $8::VARCHAR COLLATE "C" AND coalesce(t$2.unit_path, (SELECT property_company_1.unit_path 
FROM property_company AS property_company_1 
WHERE property_company_1.id = t$2.company_id), (SELECT building_1.unit_path 
FROM building AS building_1 
WHERE building_1.id = t$2.building_id), (SELECT member_1.unit_path 
FROM member AS member_1 
WHERE member_1.id = t$2.member_id)) < $9::VARCHAR COLLATE "C") AND t$2.account_id = t$1.id AND t$2.revoked_at IS NULL AND t$2.since <= now() AND (t$2.until IS NULL OR t$2.until > now()) ORDER BY t$2.since, t$2.id) AS r$5) AS grants 
FROM account AS t$1 
WHERE t$1.id = $10::UUID) AS r$6) AS viewer, 'Query' AS __typename) AS r$7) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

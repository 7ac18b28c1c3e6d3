WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r7) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r6) AS row_to_json_2 
FROM (SELECT t1.name AS name, (SELECT coalesce(json_agg(row_to_json(r5)), '[]'::json) AS coalesce_1 
FROM (SELECT t2.role AS role, t2.since AS since, t2.until AS until, (SELECT row_to_json(r4) AS row_to_json_3 
FROM (SELECT t3.name AS name 
FROM org_unit AS t3 
WHERE t3.path >= $5::VARCHAR COLLATE "C" AND t3.path < $6::VARCHAR COLLATE "C" AND t3.path = t2.unit_path) AS r4) AS seat 
FROM role_grant AS t2 
WHERE t2.account_id = $7::UUID AND t2.account_id = t1.id AND t2.since <= now() AND (t2.until IS NULL OR t2.until > now()) ORDER BY t2.since, t2.id) AS r5) AS grants 
FROM account AS t1 
WHERE t1.id = $8::UUID) AS r6) AS viewer, 'Query' AS __typename) AS r7) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

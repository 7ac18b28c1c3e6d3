WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND (account.kind != 'PROGRAM' OR (EXISTS (SELECT 1 
FROM role_grant AS its_grant 
WHERE account.id = its_grant.account_id AND its_grant.revoked_at IS NULL AND (its_grant.until IS NULL OR its_grant.until > now())))) AND (coalesce(credential.confirmed_by, credential.issued_by) IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND voucher.id = coalesce(credential.confirmed_by, credential.issued_by) AND voucher_grant.account_id = voucher.id AND (voucher_grant.role = 'administrator' OR voucher_grant.role = 'community_admin' OR voucher_grant.role = 'county_admin' OR voucher_grant.role = 'town_admin') AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(coalesce(credential.confirmed_at, credential.created_at), now()), now(), '[]'), false)) AND (credential.approved_by IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND credential.approved_by = voucher.id AND voucher_grant.account_id = voucher.id AND voucher_grant.role = 'county_admin' AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(credential.approved_at, now()), now(), '[]'), false)) AND account.revision = $4::INTEGER)) AS fresh), 
anon_1 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT management_contract_1.company_id 
FROM management_contract AS management_contract_1 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $9::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $10::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_1.compound_id 
FROM compound_sharing AS compound_sharing_1 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $13::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $14::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.member_id 
FROM post AS post_1, management_contract AS management_contract_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND management_contract_2.company_id = post_1.body_id AND management_contract_2.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $17::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $18::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.member_id 
FROM management_contract AS management_contract_3 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_3.company_id, post AS post_2 
WHERE management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND property_company_1.organization_id = post_2.body_id AND property_company_1.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_3.unit_path >= $17::VARCHAR COLLATE "C" AND management_contract_3.unit_path < $18::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.member_id 
FROM post AS post_3, branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.organization_id = post_3.body_id AND branch_coverage_1.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $17::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $18::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$15) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$14) AS row_to_json_2 
FROM (SELECT t$1.name AS name, (SELECT coalesce(json_agg(row_to_json(r$13)), '[]'::json) AS coalesce_1 
FROM (SELECT t$2.role AS role, t$2.since AS since, t$2.until AS until, coalesce((SELECT row_to_json(r$4) AS row_to_json_3 
FROM (SELECT t$3.name AS name 
FROM org_unit AS t$3 
WHERE t$3.path >= $5::VARCHAR COLLATE "C" AND t$3.path < $6::VARCHAR COLLATE "C" AND t$3.path = t$2.unit_path) AS r$4), (SELECT row_to_json(r$6) AS row_to_json_4 
FROM (SELECT 
FROM property_company AS t$5 
WHERE (t$5.unit_path >= $7::VARCHAR COLLATE "C" AND t$5.unit_path < $8::VARCHAR COLLATE "C" OR t$5.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$5.id = t$2.company_id) AS r$6), (SELECT row_to_json(r$8) AS row_to_json_5 
FROM (SELECT 
FROM building AS t$7 
WHERE (t$7.unit_path >= $11::VARCHAR COLLATE "C" AND t$7.unit_path < $12::VARCHAR COLLATE "C" OR t$7.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$7.id = t$2.building_id) AS r$8), (SELECT row_to_json(r$10) AS row_to_json_6 
FROM (SELECT 
FROM member AS t$9 
WHERE (t$9.unit_path >= $15::VARCHAR COLLATE "C" AND t$9.unit_path < $16::VARCHAR COLLATE "C" OR t$9.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$9.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$9.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[]))) AND t$9.id = t$2.member_id) AS r$10), (SELECT row_to_json(r$12) AS row_to_json_7 
FROM (SELECT 
FROM department AS t$11 
WHERE (t$11.unit_path >= $19::VARCHAR COLLATE "C" AND t$11.unit_path < $20::VARCHAR COLLATE "C" OR t$11.unit_path = ANY ($21::TEXT[] COLLATE "C")) AND t$11.id = t$2.department_id) AS r$12)) AS seat 
FROM role_grant AS t$2 
WHERE (t$2.account_id = $22::UUID OR coalesce(t$2.unit_path, (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = t$2.company_id), (SELECT building_1.unit_path 
FROM building AS building_1 
WHERE building_1.id = t$2.building_id), (SELECT member_1.unit_path 
FROM member AS member_1 
WHERE member_1.id = t$2.member_id), (SELECT department_1.unit_path 
FROM department AS department_1 
WHERE department_1.id = t$2.department_id)) >= $23::VARCHAR COLLATE "C" AND coalesce(t$2.unit_path, (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = t$2.company_id), (SELECT building_1.unit_path 
FROM building AS building_1 
WHERE building_1.id = t$2.building_id), (SELECT member_1.unit_path 
FROM member AS member_1 
WHERE member_1.id = t$2.member_id), (SELECT department_1.unit_path 
FROM department AS department_1 
WHERE department_1.id = t$2.department_id)) < $24::VARCHAR COLLATE "C") AND t$2.account_id = t$1.id AND t$2.revoked_at IS NULL AND t$2.since <= now() AND (t$2.until IS NULL OR t$2.until > now()) ORDER BY t$2.since, t$2.id) AS r$13) AS grants 
FROM account AS t$1 
WHERE t$1.id = $25::UUID) AS r$14) AS viewer, 'Query' AS __typename) AS r$15) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

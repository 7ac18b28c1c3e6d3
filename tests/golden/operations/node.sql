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
(SELECT array((SELECT DISTINCT property_company_1.organization_id 
FROM management_contract AS management_contract_1 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_1.company_id 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $11::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT branch_coverage_1.organization_id 
FROM branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $11::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$7) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$2) AS row_to_json_2 
FROM (SELECT 'OrgUnit' AS __typename, 'ou_' || CAST(t$1.id AS TEXT) AS id, t$1.name AS name 
FROM org_unit AS t$1 
WHERE t$1.path >= $5::VARCHAR COLLATE "C" AND t$1.path < $6::VARCHAR COLLATE "C" AND t$1.id = $7::UUID) AS r$2) AS own, (SELECT row_to_json(r$4) AS row_to_json_3 
FROM (SELECT 'ou_' || CAST(t$3.id AS TEXT) AS id 
FROM org_unit AS t$3 
WHERE t$3.path >= $5::VARCHAR COLLATE "C" AND t$3.path < $6::VARCHAR COLLATE "C" AND t$3.id = $8::UUID) AS r$4) AS hidden, (SELECT row_to_json(r$6) AS row_to_json_4 
FROM (SELECT t$5.name AS name 
FROM party_organization AS t$5 
WHERE (t$5.unit_path >= $9::VARCHAR COLLATE "C" AND t$5.unit_path < $10::VARCHAR COLLATE "C" OR t$5.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$5.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$5.id = $13::UUID) AS r$6) AS organization, NULL AS malformed) AS r$7) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

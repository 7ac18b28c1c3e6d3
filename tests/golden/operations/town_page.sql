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
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $7::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $8::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT branch_coverage_1.organization_id 
FROM branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $7::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $8::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$18) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$17) AS row_to_json_2 
FROM (SELECT 'ou_' || CAST(t$1.id AS TEXT) AS id, t$1.name AS name, (SELECT row_to_json(r$16) AS row_to_json_3 
FROM (SELECT g$15."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$14) AS row_to_json_4 
FROM (SELECT 'ou_' || CAST(p$3.id AS TEXT) AS id, p$3.name AS name, (SELECT row_to_json(r$13) AS row_to_json_5 
FROM (SELECT g$12."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$11) AS row_to_json_6 
FROM (SELECT p$5.code AS code, (SELECT row_to_json(r$10) AS row_to_json_7 
FROM (SELECT g$9."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$8) AS row_to_json_8 
FROM (SELECT p$7.name AS name, p$7.kind AS kind, p$7.tier AS tier) AS r$8)), '[]'::json) AS "$0_0" 
FROM (SELECT t$6.id AS id, t$6.unit_path AS unit_path, t$6.parent_id AS parent_id, t$6.tier AS tier, t$6.kind AS kind, t$6.field AS field, t$6.name AS name, t$6.pinyin AS pinyin, t$6.sorting AS sorting, t$6.closed_on AS closed_on, t$6.version AS version 
FROM party_organization AS t$6 
WHERE (t$6.unit_path >= $5::VARCHAR COLLATE "C" AND t$6.unit_path < $6::VARCHAR COLLATE "C" OR t$6.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$6.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$6.unit_path >= p$5.path AND t$6.unit_path < (left(p$5.path, -1) || '0') AND t$6.closed_on IS NULL ORDER BY t$6.unit_path, t$6.sorting, t$6.id 
 LIMIT $9::INTEGER) AS p$7) AS g$9) AS r$10) AS "partyOrganizations") AS r$11)), '[]'::json) AS "$0_0" 
FROM (SELECT t$4.id AS id, t$4.level AS level, t$4.code AS code, t$4.name AS name, t$4.parent_path AS parent_path, t$4.path AS path, t$4.pinyin AS pinyin, t$4.sorting AS sorting, t$4.version AS version 
FROM org_unit AS t$4 
WHERE t$4.path >= $10::VARCHAR COLLATE "C" AND t$4.path < $11::VARCHAR COLLATE "C" AND t$4.parent_path = p$3.path ORDER BY t$4.path 
 LIMIT $12::INTEGER) AS p$5) AS g$12) AS r$13) AS children) AS r$14)), '[]'::json) AS "$0_0" 
FROM (SELECT t$2.id AS id, t$2.level AS level, t$2.code AS code, t$2.name AS name, t$2.parent_path AS parent_path, t$2.path AS path, t$2.pinyin AS pinyin, t$2.sorting AS sorting, t$2.version AS version 
FROM org_unit AS t$2 
WHERE t$2.path >= $10::VARCHAR COLLATE "C" AND t$2.path < $11::VARCHAR COLLATE "C" AND t$2.parent_path = t$1.path ORDER BY t$2.path 
 LIMIT $13::INTEGER) AS p$3) AS g$15) AS r$16) AS children 
FROM org_unit AS t$1 
WHERE t$1.path >= $10::VARCHAR COLLATE "C" AND t$1.path < $11::VARCHAR COLLATE "C" AND t$1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $14::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $14::VARCHAR) ORDER BY t$1.code != $14::VARCHAR, t$1.path 
 LIMIT 1) AS r$17) AS "orgUnit") AS r$18) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

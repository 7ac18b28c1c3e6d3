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
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $13::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $14::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT branch_coverage_1.organization_id 
FROM branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $13::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $14::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$29) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$28) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r$7) AS row_to_json_3 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM org_unit AS t$6 
WHERE t$6.path >= $5::VARCHAR COLLATE "C" AND t$6.path < $6::VARCHAR COLLATE "C" AND t$6.path > t$1.path AND t$6.path < (left(t$1.path, -1) || '0') AND t$6.level = $7::org_level) AS "totalCount", g$5."$1_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT p$3.name AS name) AS r$4)), '[]'::json) AS "$1_0" 
FROM (SELECT t$2.id AS id, t$2.level AS level, t$2.code AS code, t$2.name AS name, t$2.parent_path AS parent_path, t$2.path AS path, t$2.pinyin AS pinyin, t$2.sorting AS sorting, t$2.version AS version 
FROM org_unit AS t$2 
WHERE t$2.path >= $5::VARCHAR COLLATE "C" AND t$2.path < $6::VARCHAR COLLATE "C" AND t$2.path > t$1.path AND t$2.path < (left(t$1.path, -1) || '0') AND t$2.level = $7::org_level ORDER BY t$2.path 
 LIMIT $8::INTEGER) AS p$3) AS g$5) AS r$7) AS communities, (SELECT row_to_json(r$13) AS row_to_json_5 
FROM (SELECT g$12."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$11) AS row_to_json_6 
FROM (SELECT p$10.name AS name) AS r$11)), '[]'::json) AS "$0_0" 
FROM (SELECT t$8.id AS id, t$8.level AS level, t$8.code AS code, t$8.name AS name, t$8.parent_path AS parent_path, t$8.path AS path, t$8.pinyin AS pinyin, t$8.sorting AS sorting, t$8.version AS version 
FROM org_unit AS t$8 
WHERE t$8.path >= $5::VARCHAR COLLATE "C" AND t$8.path < $6::VARCHAR COLLATE "C" AND t$8.path > t$1.path AND t$8.path < (left(t$1.path, -1) || '0') AND t$8.level = $9::org_level AND NOT (EXISTS (SELECT 1 
FROM org_unit AS t$9 
WHERE t$9.path >= $5::VARCHAR COLLATE "C" AND t$9.path < $6::VARCHAR COLLATE "C" AND t$9.parent_path = t$8.path)) ORDER BY t$8.path 
 LIMIT $10::INTEGER) AS p$10) AS g$12) AS r$13) AS "withoutGrids", (SELECT row_to_json(r$27) AS row_to_json_7 
FROM (SELECT g$26."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$25) AS row_to_json_8 
FROM (SELECT p$16.name AS name, (SELECT row_to_json(r$18) AS row_to_json_9 
FROM (SELECT t$17.code AS code 
FROM org_unit AS t$17 
WHERE t$17.path >= $5::VARCHAR COLLATE "C" AND t$17.path < $6::VARCHAR COLLATE "C" AND t$17.path = p$16.unit_path) AS r$18) AS unit, (SELECT row_to_json(r$24) AS row_to_json_10 
FROM (SELECT t$19.name AS name, (SELECT row_to_json(r$23) AS row_to_json_11 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_2 
FROM party_organization AS t$22 
WHERE (t$22.unit_path >= $11::VARCHAR COLLATE "C" AND t$22.unit_path < $12::VARCHAR COLLATE "C" OR t$22.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$22.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$22.parent_id = t$19.id AND t$22.closed_on IS NULL) AS "totalCount") AS r$23) AS subordinates 
FROM party_organization AS t$19 
WHERE (t$19.unit_path >= $11::VARCHAR COLLATE "C" AND t$19.unit_path < $12::VARCHAR COLLATE "C" OR t$19.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$19.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$19.id = p$16.parent_id) AS r$24) AS parent) AS r$25)), '[]'::json) AS "$0_0" 
FROM (SELECT t$14.id AS id, t$14.unit_path AS unit_path, t$14.parent_id AS parent_id, t$14.tier AS tier, t$14.kind AS kind, t$14.field AS field, t$14.name AS name, t$14.pinyin AS pinyin, t$14.sorting AS sorting, t$14.closed_on AS closed_on, t$14.version AS version 
FROM party_organization AS t$14 
WHERE (t$14.unit_path >= $11::VARCHAR COLLATE "C" AND t$14.unit_path < $12::VARCHAR COLLATE "C" OR t$14.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$14.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$14.unit_path >= t$1.path AND t$14.unit_path < (left(t$1.path, -1) || '0') AND t$14.closed_on IS NULL AND t$14.tier = ANY ($15::party_tier[]) AND NOT (EXISTS (SELECT 1 
FROM party_organization AS t$15 
WHERE (t$15.unit_path >= $11::VARCHAR COLLATE "C" AND t$15.unit_path < $12::VARCHAR COLLATE "C" OR t$15.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$15.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$15.parent_id = t$14.id AND t$15.closed_on IS NULL)) ORDER BY t$14.sorting, t$14.unit_path, t$14.id 
 LIMIT $16::INTEGER) AS p$16) AS g$26) AS r$27) AS "partyOrganizations" 
FROM org_unit AS t$1 
WHERE t$1.path >= $5::VARCHAR COLLATE "C" AND t$1.path < $6::VARCHAR COLLATE "C" AND t$1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $17::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $17::VARCHAR) ORDER BY t$1.code != $17::VARCHAR, t$1.path 
 LIMIT 1) AS r$28) AS "orgUnit") AS r$29) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

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
(SELECT array((SELECT DISTINCT compound_sharing_1.compound_id 
FROM compound_sharing AS compound_sharing_1 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $7::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $8::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.member_id 
FROM post AS post_1, management_contract AS management_contract_1 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.company_id = post_1.body_id AND management_contract_1.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $11::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.member_id 
FROM management_contract AS management_contract_2 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_2.company_id, post AS post_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND property_company_1.organization_id = post_2.body_id AND property_company_1.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $11::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.member_id 
FROM post AS post_3, branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.organization_id = post_3.body_id AND branch_coverage_1.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $11::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT property_company_2.organization_id 
FROM management_contract AS management_contract_3 JOIN property_company AS property_company_2 ON property_company_2.id = management_contract_3.company_id 
WHERE management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND management_contract_3.unit_path >= $17::VARCHAR COLLATE "C" AND management_contract_3.unit_path < $18::VARCHAR COLLATE "C")) AS ids), 
anon_6 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT branch_coverage_2.organization_id 
FROM branch_coverage AS branch_coverage_2 
WHERE branch_coverage_2.since <= CURRENT_DATE AND (branch_coverage_2.until IS NULL OR branch_coverage_2.until >= CURRENT_DATE) AND branch_coverage_2.unit_path >= $17::VARCHAR COLLATE "C" AND branch_coverage_2.unit_path < $18::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$29) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$6) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r$5) AS row_to_json_3 
FROM (SELECT n$4."$0" AS count, n$4."$1" AS households, n$4."$2" AS residents, n$4."$3" AS "partyMembers" 
FROM (SELECT CAST(count(*) AS INTEGER) AS "$0", CAST(coalesce(sum(t$3.households), 0) AS safe_int) AS "$1", CAST(coalesce(sum(t$3.residents), 0) AS safe_int) AS "$2", CAST(coalesce(sum(t$3.party_members), 0) AS safe_int) AS "$3" 
FROM compound AS t$3 
WHERE (t$3.unit_path >= $5::VARCHAR COLLATE "C" AND t$3.unit_path < $6::VARCHAR COLLATE "C" OR t$3.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$3.closed_on IS NULL) AS n$4) AS r$5) AS totals) AS r$6) AS compounds, (SELECT row_to_json(r$17) AS row_to_json_4 
FROM (SELECT g$10."$0_0" AS nodes, (SELECT row_to_json(r$16) AS row_to_json_5 
FROM (SELECT (SELECT coalesce(json_agg(row_to_json(r$15)), '[]'::json) AS coalesce_1 
FROM (SELECT g$14."$k0" AS standing, CAST(count(*) AS INTEGER) AS count 
FROM (SELECT t$13.id AS id, t$13.unit_path AS unit_path, t$13.home_path AS home_path, t$13.name AS name, t$13.pinyin AS pinyin, t$13.sorting AS sorting, t$13.standing AS standing, t$13.employer AS employer, t$13.organization_id AS organization_id, t$13.phone AS phone, t$13.address AS address, t$13.left_on AS left_on, t$13.erased_on AS erased_on, t$13.restricted_on AS restricted_on, t$13.version AS version, t$13.standing AS "$k0" 
FROM member AS t$13 
WHERE (t$13.unit_path >= $9::VARCHAR COLLATE "C" AND t$13.unit_path < $10::VARCHAR COLLATE "C" OR t$13.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[])) OR t$13.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$13.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$13.left_on IS NULL AND t$13.standing = ANY ($13::member_standing[])) AS g$14 GROUP BY g$14."$k0" ORDER BY g$14."$k0") AS r$15) AS kinds, 'MemberTotals' AS __typename) AS r$16) AS totals 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$9) AS row_to_json_6 
FROM (SELECT p$8.name AS name) AS r$9)), '[]'::json) AS "$0_0" 
FROM (SELECT t$7.id AS id, t$7.unit_path AS unit_path, t$7.home_path AS home_path, t$7.name AS name, t$7.pinyin AS pinyin, t$7.sorting AS sorting, t$7.standing AS standing, t$7.employer AS employer, t$7.organization_id AS organization_id, t$7.phone AS phone, t$7.address AS address, t$7.left_on AS left_on, t$7.erased_on AS erased_on, t$7.restricted_on AS restricted_on, t$7.version AS version 
FROM member AS t$7 
WHERE (t$7.unit_path >= $9::VARCHAR COLLATE "C" AND t$7.unit_path < $10::VARCHAR COLLATE "C" OR t$7.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[])) OR t$7.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$7.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$7.left_on IS NULL AND t$7.standing = ANY ($13::member_standing[]) ORDER BY t$7.unit_path, t$7.sorting, t$7.id 
 LIMIT $14::INTEGER) AS p$8) AS g$10) AS r$17) AS members, (SELECT row_to_json(r$28) AS row_to_json_7 
FROM (SELECT (SELECT row_to_json(r$27) AS row_to_json_8 
FROM (SELECT (SELECT row_to_json(r$26) AS row_to_json_9 
FROM (SELECT n$22."$0" AS count, (SELECT coalesce(json_agg(row_to_json(r$25)), '[]'::json) AS coalesce_2 
FROM (SELECT g$24."$k0" AS kind, g$24."$k1" AS tier, CAST(count(*) AS INTEGER) AS count 
FROM (SELECT t$23.id AS id, t$23.unit_path AS unit_path, t$23.parent_id AS parent_id, t$23.tier AS tier, t$23.kind AS kind, t$23.field AS field, t$23.name AS name, t$23.pinyin AS pinyin, t$23.sorting AS sorting, t$23.closed_on AS closed_on, t$23.version AS version, t$23.kind AS "$k0", t$23.tier AS "$k1" 
FROM party_organization AS t$23 
WHERE (t$23.unit_path >= $15::VARCHAR COLLATE "C" AND t$23.unit_path < $16::VARCHAR COLLATE "C" OR t$23.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[])) OR t$23.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND t$23.unit_path >= t$18.path AND t$23.unit_path < (left(t$18.path, -1) || '0') AND t$23.closed_on IS NULL) AS g$24 GROUP BY g$24."$k0", g$24."$k1" ORDER BY g$24."$k0", g$24."$k1") AS r$25) AS "byKind" 
FROM (SELECT CAST(count(*) AS INTEGER) AS "$0" 
FROM party_organization AS t$21 
WHERE (t$21.unit_path >= $15::VARCHAR COLLATE "C" AND t$21.unit_path < $16::VARCHAR COLLATE "C" OR t$21.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[])) OR t$21.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND t$21.unit_path >= t$18.path AND t$21.unit_path < (left(t$18.path, -1) || '0') AND t$21.closed_on IS NULL) AS n$22) AS r$26) AS totals) AS r$27) AS "partyOrganizations" 
FROM org_unit AS t$18 
WHERE t$18.path >= $19::VARCHAR COLLATE "C" AND t$18.path < $20::VARCHAR COLLATE "C" AND t$18.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $21::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $21::VARCHAR) ORDER BY t$18.code != $21::VARCHAR, t$18.path 
 LIMIT 1) AS r$28) AS "orgUnit") AS r$29) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

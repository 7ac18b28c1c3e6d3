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
(SELECT array((SELECT DISTINCT compound_sharing_2.compound_id 
FROM compound_sharing AS compound_sharing_2 
WHERE compound_sharing_2.since <= CURRENT_DATE AND (compound_sharing_2.until IS NULL OR compound_sharing_2.until >= CURRENT_DATE) AND compound_sharing_2.sharer_path >= $11::VARCHAR COLLATE "C" AND compound_sharing_2.sharer_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_3.compound_id 
FROM compound_sharing AS compound_sharing_3 
WHERE compound_sharing_3.since <= CURRENT_DATE AND (compound_sharing_3.until IS NULL OR compound_sharing_3.until >= CURRENT_DATE) AND compound_sharing_3.sharer_path >= $15::VARCHAR COLLATE "C" AND compound_sharing_3.sharer_path < $16::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT building_1.id 
FROM compound_sharing AS compound_sharing_4 JOIN building AS building_1 ON building_1.compound_id = compound_sharing_4.compound_id 
WHERE compound_sharing_4.since <= CURRENT_DATE AND (compound_sharing_4.until IS NULL OR compound_sharing_4.until >= CURRENT_DATE) AND compound_sharing_4.sharer_path >= $19::VARCHAR COLLATE "C" AND compound_sharing_4.sharer_path < $20::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.id 
FROM post AS post_1, management_contract AS management_contract_1 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.company_id = post_1.body_id AND management_contract_1.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $23::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $24::VARCHAR COLLATE "C")) AS ids), 
anon_6 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.id 
FROM management_contract AS management_contract_2 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_2.company_id, post AS post_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND property_company_1.organization_id = post_2.body_id AND property_company_1.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $23::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $24::VARCHAR COLLATE "C")) AS ids), 
anon_7 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.id 
FROM post AS post_3, branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.organization_id = post_3.body_id AND branch_coverage_1.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $23::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $24::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$26) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$25) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r$24) AS row_to_json_3 
FROM (SELECT g$23."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$22) AS row_to_json_4 
FROM (SELECT p$3.name AS name, (SELECT row_to_json(r$21) AS row_to_json_5 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM compound AS t$4 
WHERE (t$4.unit_path >= $5::VARCHAR COLLATE "C" AND t$4.unit_path < $6::VARCHAR COLLATE "C" OR t$4.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$4.unit_path >= p$3.path AND t$4.unit_path < (left(p$3.path, -1) || '0') AND t$4.closed_on IS NULL) AS compounds, (SELECT CAST(count(*) AS INTEGER) AS count_2 
FROM compound AS t$5 
WHERE (t$5.unit_path >= $5::VARCHAR COLLATE "C" AND t$5.unit_path < $6::VARCHAR COLLATE "C" OR t$5.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$5.unit_path >= p$3.path AND t$5.unit_path < (left(p$3.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM branch_coverage AS t$6 
WHERE (t$6.unit_path >= $9::VARCHAR COLLATE "C" AND t$6.unit_path < $10::VARCHAR COLLATE "C" OR t$6.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$6.compound_id = t$5.id AND t$6.since <= CURRENT_DATE AND (t$6.until IS NULL OR t$6.until >= CURRENT_DATE))) AND t$5.closed_on IS NULL) AS "coveredCompounds", round(CAST((SELECT count(*) AS count_3 
FROM compound AS t$7 
WHERE (t$7.unit_path >= $5::VARCHAR COLLATE "C" AND t$7.unit_path < $6::VARCHAR COLLATE "C" OR t$7.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$7.unit_path >= p$3.path AND t$7.unit_path < (left(p$3.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM branch_coverage AS t$8 
WHERE (t$8.unit_path >= $9::VARCHAR COLLATE "C" AND t$8.unit_path < $10::VARCHAR COLLATE "C" OR t$8.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$8.compound_id = t$7.id AND t$8.since <= CURRENT_DATE AND (t$8.until IS NULL OR t$8.until >= CURRENT_DATE))) AND t$7.closed_on IS NULL) AS NUMERIC) / CAST(nullif((SELECT count(*) AS count_4 
FROM compound AS t$9 
WHERE (t$9.unit_path >= $5::VARCHAR COLLATE "C" AND t$9.unit_path < $6::VARCHAR COLLATE "C" OR t$9.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$9.unit_path >= p$3.path AND t$9.unit_path < (left(p$3.path, -1) || '0') AND t$9.closed_on IS NULL), 0) AS NUMERIC), 4) AS "coverageRate", (SELECT CAST(count(*) AS INTEGER) AS count_5 
FROM building AS t$10 
WHERE (t$10.unit_path >= $13::VARCHAR COLLATE "C" AND t$10.unit_path < $14::VARCHAR COLLATE "C" OR t$10.compound_id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[]))) AND t$10.unit_path >= p$3.path AND t$10.unit_path < (left(p$3.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM captain_term AS t$11 
WHERE (t$11.unit_path >= $17::VARCHAR COLLATE "C" AND t$11.unit_path < $18::VARCHAR COLLATE "C" OR t$11.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$11.building_id = t$10.id AND t$11.since <= CURRENT_DATE AND (t$11.until IS NULL OR t$11.until >= CURRENT_DATE))) AND t$10.closed_on IS NULL) AS "buildingsWithCaptain", (SELECT CAST(count(*) AS INTEGER) AS count_6 
FROM building AS t$12 
WHERE (t$12.unit_path >= $13::VARCHAR COLLATE "C" AND t$12.unit_path < $14::VARCHAR COLLATE "C" OR t$12.compound_id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[]))) AND t$12.unit_path >= p$3.path AND t$12.unit_path < (left(p$3.path, -1) || '0') AND NOT (EXISTS (SELECT 1 
FROM captain_term AS t$13 
WHERE (t$13.unit_path >= $17::VARCHAR COLLATE "C" AND t$13.unit_path < $18::VARCHAR COLLATE "C" OR t$13.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$13.building_id = t$12.id AND t$13.since <= CURRENT_DATE AND (t$13.until IS NULL OR t$13.until >= CURRENT_DATE))) AND t$12.closed_on IS NULL) AS "buildingsWithoutCaptain", (SELECT CAST(count(DISTINCT t$14.member_id) AS INTEGER) AS count_7 
FROM captain_term AS t$14 
WHERE (t$14.unit_path >= $17::VARCHAR COLLATE "C" AND t$14.unit_path < $18::VARCHAR COLLATE "C" OR t$14.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$14.unit_path >= p$3.path AND t$14.unit_path < (left(p$3.path, -1) || '0') AND t$14.since <= CURRENT_DATE AND (t$14.until IS NULL OR t$14.until >= CURRENT_DATE)) AS captains, (SELECT coalesce(json_agg(row_to_json(r$17)), '[]'::json) AS coalesce_1 
FROM (SELECT g$16."$k0" AS kind, CAST(count(*) AS INTEGER) AS posts, CAST(count(DISTINCT g$16.member_id) AS INTEGER) AS members 
FROM (SELECT t$15.id AS id, t$15.kind AS kind, t$15.member_id AS member_id, t$15.organization_id AS organization_id, t$15.company_id AS company_id, t$15.committee_id AS committee_id, t$15.body_id AS body_id, t$15.unit_path AS unit_path, t$15.since AS since, t$15.until AS until, t$15.end_reason AS end_reason, t$15.version AS version, t$15.kind AS "$k0", (SELECT body.tier 
FROM party_organization AS body 
WHERE body.id = t$15.organization_id) AS "$k1" 
FROM post AS t$15 
WHERE (t$15.unit_path >= $21::VARCHAR COLLATE "C" AND t$15.unit_path < $22::VARCHAR COLLATE "C" OR t$15.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[])) OR t$15.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[])) OR t$15.id = ANY (CAST((SELECT anon_7.ids 
FROM anon_7) AS UUID[]))) AND t$15.unit_path >= p$3.path AND t$15.unit_path < (left(p$3.path, -1) || '0') AND t$15.since <= CURRENT_DATE AND (t$15.until IS NULL OR t$15.until >= CURRENT_DATE)) AS g$16 GROUP BY g$16."$k0", g$16."$k1" ORDER BY g$16."$k0", g$16."$k1") AS r$17) AS posts, (SELECT coalesce(json_agg(row_to_json(r$20)), '[]'::json) AS coalesce_2 
FROM (SELECT g$19."$k0" AS function, CAST(count(*) AS INTEGER) AS entries, CAST(count(*) FILTER (WHERE g$19.offered) AS INTEGER) AS offered 
FROM (SELECT t$18.unit_path AS unit_path, t$18.item_id AS item_id, t$18.source_path AS source_path, t$18.function AS function, t$18.name AS name, t$18.pinyin AS pinyin, t$18.category AS category, t$18.at_window AS at_window, t$18.online AS online, t$18.offered AS offered, t$18.note AS note, t$18.note_path AS note_path, t$18.sorting AS sorting, t$18.function AS "$k0" 
FROM catalog_entry AS t$18 
WHERE t$18.unit_path >= $25::VARCHAR COLLATE "C" AND t$18.unit_path < $26::VARCHAR COLLATE "C" AND t$18.unit_path = p$3.path) AS g$19 GROUP BY g$19."$k0" ORDER BY g$19."$k0") AS r$20) AS "catalogEntries") AS r$21) AS indicators) AS r$22)), '[]'::json) AS "$0_0" 
FROM (SELECT t$2.id AS id, t$2.level AS level, t$2.code AS code, t$2.name AS name, t$2.parent_path AS parent_path, t$2.path AS path, t$2.pinyin AS pinyin, t$2.sorting AS sorting, t$2.version AS version 
FROM org_unit AS t$2 
WHERE t$2.path >= $27::VARCHAR COLLATE "C" AND t$2.path < $28::VARCHAR COLLATE "C" AND t$2.parent_path = t$1.path ORDER BY t$2.path 
 LIMIT $29::INTEGER) AS p$3) AS g$23) AS r$24) AS children 
FROM org_unit AS t$1 
WHERE t$1.path >= $27::VARCHAR COLLATE "C" AND t$1.path < $28::VARCHAR COLLATE "C" AND t$1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $30::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $30::VARCHAR) ORDER BY t$1.code != $30::VARCHAR, t$1.path 
 LIMIT 1) AS r$25) AS "orgUnit") AS r$26) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

WITH standing AS MATERIALIZED 
(SELECT now() < $3::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $4::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND (account.kind != 'PROGRAM' OR (EXISTS (SELECT 1 
FROM role_grant AS its_grant 
WHERE account.id = its_grant.account_id AND its_grant.revoked_at IS NULL AND (its_grant.until IS NULL OR its_grant.until > now())))) AND (coalesce(credential.confirmed_by, credential.issued_by) IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND voucher.id = coalesce(credential.confirmed_by, credential.issued_by) AND voucher_grant.account_id = voucher.id AND (voucher_grant.role = 'administrator' OR voucher_grant.role = 'community_admin' OR voucher_grant.role = 'county_admin' OR voucher_grant.role = 'town_admin') AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(coalesce(credential.confirmed_at, credential.created_at), now()), now(), '[]'), false)) AND (credential.approved_by IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND credential.approved_by = voucher.id AND voucher_grant.account_id = voucher.id AND voucher_grant.role = 'county_admin' AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(credential.approved_at, now()), now(), '[]'), false)) AND account.revision = $5::INTEGER)) AS fresh), 
anon_1 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_1.compound_id 
FROM compound_sharing AS compound_sharing_1 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $10::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $11::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_2.compound_id 
FROM compound_sharing AS compound_sharing_2 
WHERE compound_sharing_2.since <= CURRENT_DATE AND (compound_sharing_2.until IS NULL OR compound_sharing_2.until >= CURRENT_DATE) AND compound_sharing_2.sharer_path >= $14::VARCHAR COLLATE "C" AND compound_sharing_2.sharer_path < $15::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT building_1.id 
FROM compound_sharing AS compound_sharing_3 JOIN building AS building_1 ON building_1.compound_id = compound_sharing_3.compound_id 
WHERE compound_sharing_3.since <= CURRENT_DATE AND (compound_sharing_3.until IS NULL OR compound_sharing_3.until >= CURRENT_DATE) AND compound_sharing_3.sharer_path >= $18::VARCHAR COLLATE "C" AND compound_sharing_3.sharer_path < $19::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.id 
FROM post AS post_1, management_contract AS management_contract_1 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.company_id = post_1.body_id AND management_contract_1.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $22::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $23::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.id 
FROM management_contract AS management_contract_2 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_2.company_id, post AS post_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND property_company_1.organization_id = post_2.body_id AND property_company_1.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $22::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $23::VARCHAR COLLATE "C")) AS ids), 
anon_6 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.id 
FROM post AS post_3, branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.organization_id = post_3.body_id AND branch_coverage_1.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $22::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $23::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$25) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$24) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r$23) AS row_to_json_3 
FROM (SELECT CASE WHEN ($2::DATE = CURRENT_DATE) THEN (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM org_unit AS t$2 
WHERE t$2.path >= $6::VARCHAR COLLATE "C" AND t$2.path < $7::VARCHAR COLLATE "C" AND t$2.path > t$1.path AND t$2.path < (left(t$1.path, -1) || '0')) END AS units, CASE WHEN ($2::DATE = CURRENT_DATE) THEN (SELECT CAST(coalesce(sum(t$3.households), 0) AS safe_int) AS coalesce_1 
FROM compound AS t$3 
WHERE (t$3.unit_path >= $8::VARCHAR COLLATE "C" AND t$3.unit_path < $9::VARCHAR COLLATE "C" OR t$3.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$3.unit_path >= t$1.path AND t$3.unit_path < (left(t$1.path, -1) || '0') AND t$3.closed_on IS NULL) END AS households, (SELECT CAST(count(*) AS INTEGER) AS count_2 
FROM compound AS t$4 
WHERE (t$4.unit_path >= $8::VARCHAR COLLATE "C" AND t$4.unit_path < $9::VARCHAR COLLATE "C" OR t$4.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$4.unit_path >= t$1.path AND t$4.unit_path < (left(t$1.path, -1) || '0') AND (t$4.closed_on IS NULL OR t$4.closed_on > $2::DATE)) AS compounds, (SELECT CAST(count(*) AS INTEGER) AS count_3 
FROM compound AS t$5 
WHERE (t$5.unit_path >= $8::VARCHAR COLLATE "C" AND t$5.unit_path < $9::VARCHAR COLLATE "C" OR t$5.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$5.unit_path >= t$1.path AND t$5.unit_path < (left(t$1.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM branch_coverage AS t$6 
WHERE (t$6.unit_path >= $12::VARCHAR COLLATE "C" AND t$6.unit_path < $13::VARCHAR COLLATE "C" OR t$6.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$6.compound_id = t$5.id AND t$6.since <= $2::DATE AND (t$6.until IS NULL OR t$6.until >= $2::DATE))) AND (t$5.closed_on IS NULL OR t$5.closed_on > $2::DATE)) AS "coveredCompounds", round(CAST((SELECT count(*) AS count_4 
FROM compound AS t$7 
WHERE (t$7.unit_path >= $8::VARCHAR COLLATE "C" AND t$7.unit_path < $9::VARCHAR COLLATE "C" OR t$7.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$7.unit_path >= t$1.path AND t$7.unit_path < (left(t$1.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM branch_coverage AS t$8 
WHERE (t$8.unit_path >= $12::VARCHAR COLLATE "C" AND t$8.unit_path < $13::VARCHAR COLLATE "C" OR t$8.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$8.compound_id = t$7.id AND t$8.since <= $2::DATE AND (t$8.until IS NULL OR t$8.until >= $2::DATE))) AND (t$7.closed_on IS NULL OR t$7.closed_on > $2::DATE)) AS NUMERIC) / CAST(nullif((SELECT count(*) AS count_5 
FROM compound AS t$9 
WHERE (t$9.unit_path >= $8::VARCHAR COLLATE "C" AND t$9.unit_path < $9::VARCHAR COLLATE "C" OR t$9.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$9.unit_path >= t$1.path AND t$9.unit_path < (left(t$1.path, -1) || '0') AND (t$9.closed_on IS NULL OR t$9.closed_on > $2::DATE)), 0) AS NUMERIC), 4) AS "coverageRate", (SELECT CAST(count(DISTINCT t$10.member_id) AS INTEGER) AS count_6 
FROM captain_term AS t$10 
WHERE (t$10.unit_path >= $16::VARCHAR COLLATE "C" AND t$10.unit_path < $17::VARCHAR COLLATE "C" OR t$10.building_id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[]))) AND t$10.unit_path >= t$1.path AND t$10.unit_path < (left(t$1.path, -1) || '0') AND t$10.since <= $2::DATE AND (t$10.until IS NULL OR t$10.until >= $2::DATE)) AS captains, (SELECT coalesce(json_agg(row_to_json(r$13)), '[]'::json) AS coalesce_2 
FROM (SELECT g$12."$k0" AS kind, CAST(count(*) AS INTEGER) AS posts 
FROM (SELECT t$11.id AS id, t$11.kind AS kind, t$11.member_id AS member_id, t$11.organization_id AS organization_id, t$11.company_id AS company_id, t$11.committee_id AS committee_id, t$11.body_id AS body_id, t$11.unit_path AS unit_path, t$11.since AS since, t$11.until AS until, t$11.end_reason AS end_reason, t$11.version AS version, t$11.kind AS "$k0", (SELECT body.tier 
FROM party_organization AS body 
WHERE body.id = t$11.organization_id) AS "$k1" 
FROM post AS t$11 
WHERE (t$11.unit_path >= $20::VARCHAR COLLATE "C" AND t$11.unit_path < $21::VARCHAR COLLATE "C" OR t$11.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$11.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[])) OR t$11.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND t$11.unit_path >= t$1.path AND t$11.unit_path < (left(t$1.path, -1) || '0') AND t$11.since <= $2::DATE AND (t$11.until IS NULL OR t$11.until >= $2::DATE)) AS g$12 GROUP BY g$12."$k0", g$12."$k1" ORDER BY g$12."$k0", g$12."$k1") AS r$13) AS posts, (SELECT row_to_json(r$22) AS row_to_json_4 
FROM (SELECT round(CAST((SELECT count(*) AS count_7 
FROM compound AS t$14 
WHERE (t$14.unit_path >= $8::VARCHAR COLLATE "C" AND t$14.unit_path < $9::VARCHAR COLLATE "C" OR t$14.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$14.unit_path >= t$1.path AND t$14.unit_path < (left(t$1.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM branch_coverage AS t$15 
WHERE (t$15.unit_path >= $12::VARCHAR COLLATE "C" AND t$15.unit_path < $13::VARCHAR COLLATE "C" OR t$15.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$15.compound_id = t$14.id AND t$15.since <= $2::DATE AND (t$15.until IS NULL OR t$15.until >= $2::DATE))) AND (t$14.closed_on IS NULL OR t$14.closed_on > $2::DATE)) AS NUMERIC) / CAST(nullif((SELECT count(*) AS count_8 
FROM compound AS t$16 
WHERE (t$16.unit_path >= $8::VARCHAR COLLATE "C" AND t$16.unit_path < $9::VARCHAR COLLATE "C" OR t$16.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$16.unit_path >= t$1.path AND t$16.unit_path < (left(t$1.path, -1) || '0') AND (t$16.closed_on IS NULL OR t$16.closed_on > $2::DATE)), 0) AS NUMERIC), 4) - round(CAST((SELECT count(*) AS count_9 
FROM compound AS t$17 
WHERE (t$17.unit_path >= $8::VARCHAR COLLATE "C" AND t$17.unit_path < $9::VARCHAR COLLATE "C" OR t$17.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$17.unit_path >= t$1.path AND t$17.unit_path < (left(t$1.path, -1) || '0') AND (EXISTS (SELECT 1 
FROM branch_coverage AS t$18 
WHERE (t$18.unit_path >= $12::VARCHAR COLLATE "C" AND t$18.unit_path < $13::VARCHAR COLLATE "C" OR t$18.compound_id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND t$18.compound_id = t$17.id AND t$18.since <= $24::DATE AND (t$18.until IS NULL OR t$18.until >= $24::DATE))) AND (t$17.closed_on IS NULL OR t$17.closed_on > $24::DATE)) AS NUMERIC) / CAST(nullif((SELECT count(*) AS count_10 
FROM compound AS t$19 
WHERE (t$19.unit_path >= $8::VARCHAR COLLATE "C" AND t$19.unit_path < $9::VARCHAR COLLATE "C" OR t$19.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$19.unit_path >= t$1.path AND t$19.unit_path < (left(t$1.path, -1) || '0') AND (t$19.closed_on IS NULL OR t$19.closed_on > $24::DATE)), 0) AS NUMERIC), 4) AS "coverageRate", (SELECT CAST(count(DISTINCT t$20.member_id) AS INTEGER) AS count_11 
FROM captain_term AS t$20 
WHERE (t$20.unit_path >= $16::VARCHAR COLLATE "C" AND t$20.unit_path < $17::VARCHAR COLLATE "C" OR t$20.building_id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[]))) AND t$20.unit_path >= t$1.path AND t$20.unit_path < (left(t$1.path, -1) || '0') AND t$20.since <= $2::DATE AND (t$20.until IS NULL OR t$20.until >= $2::DATE)) - (SELECT CAST(count(DISTINCT t$21.member_id) AS INTEGER) AS count_12 
FROM captain_term AS t$21 
WHERE (t$21.unit_path >= $16::VARCHAR COLLATE "C" AND t$21.unit_path < $17::VARCHAR COLLATE "C" OR t$21.building_id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[]))) AND t$21.unit_path >= t$1.path AND t$21.unit_path < (left(t$1.path, -1) || '0') AND t$21.since <= $24::DATE AND (t$21.until IS NULL OR t$21.until >= $24::DATE)) AS captains) AS r$22) AS change) AS r$23) AS indicators 
FROM org_unit AS t$1 
WHERE t$1.path >= $6::VARCHAR COLLATE "C" AND t$1.path < $7::VARCHAR COLLATE "C" AND t$1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $25::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $25::VARCHAR) ORDER BY t$1.code != $25::VARCHAR, t$1.path 
 LIMIT 1) AS r$24) AS "orgUnit") AS r$25) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body, array_remove(ARRAY[CASE WHEN ($2::DATE != CURRENT_DATE) THEN 'Indicators.households' END, CASE WHEN ($2::DATE != CURRENT_DATE) THEN 'Indicators.units' END], NULL) AS undated 
FROM standing LEFT OUTER JOIN answer ON true

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
(SELECT array((SELECT DISTINCT post_1.member_id 
FROM post AS post_1, management_contract AS management_contract_1 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.company_id = post_1.body_id AND management_contract_1.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $11::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.member_id 
FROM management_contract AS management_contract_2 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_2.company_id, post AS post_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND property_company_1.organization_id = post_2.body_id AND property_company_1.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $11::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.member_id 
FROM post AS post_3, branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.organization_id = post_3.body_id AND branch_coverage_1.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $11::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $12::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT building_1.id 
FROM compound_sharing AS compound_sharing_1 JOIN building AS building_1 ON building_1.compound_id = compound_sharing_1.compound_id 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $15::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $16::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_2.compound_id 
FROM compound_sharing AS compound_sharing_2 
WHERE compound_sharing_2.since <= CURRENT_DATE AND (compound_sharing_2.until IS NULL OR compound_sharing_2.until >= CURRENT_DATE) AND compound_sharing_2.sharer_path >= $21::VARCHAR COLLATE "C" AND compound_sharing_2.sharer_path < $22::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$16) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$15) AS row_to_json_2 
FROM (SELECT t$1.name AS name, (SELECT compound_1.name 
FROM compound AS compound_1 
WHERE compound_1.id = t$1.compound_id) AS "compoundName", (SELECT row_to_json(r$6) AS row_to_json_3 
FROM (SELECT (SELECT member_1.name 
FROM member AS member_1 
WHERE member_1.id = t$2.member_id) AS "memberName", t$2.since AS since, (SELECT row_to_json(r$5) AS row_to_json_4 
FROM (SELECT t$3.name AS name, CASE WHEN (t$3.restricted_on IS NULL OR CASE WHEN (t$3.restricted_on IS NULL) THEN t$3.unit_path END >= $5::VARCHAR COLLATE "C" AND CASE WHEN (t$3.restricted_on IS NULL) THEN t$3.unit_path END < $6::VARCHAR COLLATE "C") THEN CASE WHEN (t$3.phone IS NULL) THEN NULL WHEN (length(replace(replace(t$3.phone, '-', ''), ' ', '')) >= 11) THEN left(replace(replace(t$3.phone, '-', ''), ' ', ''), 3) || '****' || right(replace(replace(t$3.phone, '-', ''), ' ', ''), 4) ELSE '****' END END AS "maskedPhone", CASE WHEN (CASE WHEN (t$3.restricted_on IS NULL) THEN t$3.unit_path END >= $5::VARCHAR COLLATE "C" AND CASE WHEN (t$3.restricted_on IS NULL) THEN t$3.unit_path END < $6::VARCHAR COLLATE "C") THEN CASE WHEN note_contact($7::UUID, $8::UUID, t$3.id) THEN (SELECT row_to_json(r$4) AS row_to_json_5 
FROM (SELECT t$3.phone AS phone) AS r$4) END END AS contact 
FROM member AS t$3 
WHERE (t$3.unit_path >= $9::VARCHAR COLLATE "C" AND t$3.unit_path < $10::VARCHAR COLLATE "C" OR t$3.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$3.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[])) OR t$3.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[]))) AND t$3.id = t$2.member_id) AS r$5) AS member 
FROM captain_term AS t$2 
WHERE (t$2.unit_path >= $13::VARCHAR COLLATE "C" AND t$2.unit_path < $14::VARCHAR COLLATE "C" OR t$2.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$2.building_id = t$1.id AND t$2.since <= CURRENT_DATE AND (t$2.until IS NULL OR t$2.until >= CURRENT_DATE)) AS r$6) AS captain, (SELECT row_to_json(r$8) AS row_to_json_6 
FROM (SELECT (SELECT member_2.name 
FROM member AS member_2 
WHERE member_2.id = t$7.member_id) AS "memberName", t$7.until AS until 
FROM captain_term AS t$7 
WHERE (t$7.unit_path >= $13::VARCHAR COLLATE "C" AND t$7.unit_path < $14::VARCHAR COLLATE "C" OR t$7.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$7.building_id = t$1.id AND t$7.since <= $17::DATE AND (t$7.until IS NULL OR t$7.until >= $17::DATE)) AS r$8) AS "lastMay", (SELECT row_to_json(r$14) AS row_to_json_7 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM captain_term AS t$13 
WHERE (t$13.unit_path >= $13::VARCHAR COLLATE "C" AND t$13.unit_path < $14::VARCHAR COLLATE "C" OR t$13.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$13.building_id = t$1.id) AS "totalCount", g$12."$1_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$11) AS row_to_json_8 
FROM (SELECT (SELECT member_3.name 
FROM member AS member_3 
WHERE member_3.id = p$10.member_id) AS "memberName", p$10.since AS since, p$10.until AS until) AS r$11)), '[]'::json) AS "$1_0" 
FROM (SELECT t$9.id AS id, t$9.building_id AS building_id, t$9.unit_path AS unit_path, t$9.member_id AS member_id, t$9.since AS since, t$9.until AS until, t$9.cut_id AS cut_id, t$9.cut_until AS cut_until, t$9.end_reason AS end_reason, t$9.version AS version 
FROM captain_term AS t$9 
WHERE (t$9.unit_path >= $13::VARCHAR COLLATE "C" AND t$9.unit_path < $14::VARCHAR COLLATE "C" OR t$9.building_id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$9.building_id = t$1.id ORDER BY t$9.unit_path, t$9.since, t$9.id 
 LIMIT $18::INTEGER) AS p$10) AS g$12) AS r$14) AS captains 
FROM building AS t$1 
WHERE (t$1.unit_path >= $19::VARCHAR COLLATE "C" AND t$1.unit_path < $20::VARCHAR COLLATE "C" OR t$1.compound_id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[]))) AND t$1.id = $23::UUID) AS r$15) AS node) AS r$16) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

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
FROM property_company AS property_company_1 
WHERE property_company_1.id = $5::UUID)) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT captain_term_1.member_id 
FROM captain_term AS captain_term_1 JOIN building AS building_1 ON building_1.id = captain_term_1.building_id JOIN management_contract AS management_contract_1 ON management_contract_1.compound_id = building_1.compound_id 
WHERE captain_term_1.since <= CURRENT_DATE AND (captain_term_1.until IS NULL OR captain_term_1.until >= CURRENT_DATE) AND management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.company_id = $5::UUID)) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.member_id 
FROM post AS post_1, property_company AS property_company_2 
WHERE property_company_2.id = post_1.body_id AND property_company_2.id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND property_company_2.id = $5::UUID)) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.member_id 
FROM post AS post_2, property_company AS property_company_3 
WHERE property_company_3.organization_id = post_2.body_id AND property_company_3.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND property_company_3.id = $5::UUID)) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$24) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$19) AS row_to_json_2 
FROM (SELECT g$18."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$17) AS row_to_json_3 
FROM (SELECT p$2.name AS name, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(p$2.unit_path, '/')) AND (place.level >= 'COUNTY' OR place.path = p$2.unit_path)) AS place, (SELECT row_to_json(r$16) AS row_to_json_4 
FROM (SELECT g$15."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$14) AS row_to_json_5 
FROM (SELECT p$4.name AS name, (SELECT row_to_json(r$13) AS row_to_json_6 
FROM (SELECT g$12."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$11) AS row_to_json_7 
FROM (SELECT p$6.name AS name, (SELECT row_to_json(r$10) AS row_to_json_8 
FROM (SELECT (SELECT member_1.name 
FROM member AS member_1 
WHERE member_1.id = t$7.member_id) AS "memberName", (SELECT row_to_json(r$9) AS row_to_json_9 
FROM (SELECT t$8.name AS name 
FROM member AS t$8 
WHERE (t$8.organization_id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$8.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[])) OR t$8.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$8.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[]))) AND t$8.id = t$7.member_id) AS r$9) AS member 
FROM captain_term AS t$7 
WHERE (EXISTS (SELECT management_contract_2.company_id 
FROM management_contract AS management_contract_2 
WHERE management_contract_2.compound_id = (SELECT building_2.compound_id 
FROM building AS building_2 
WHERE building_2.id = t$7.building_id) AND management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND management_contract_2.company_id = $6::UUID)) AND t$7.building_id = p$6.id AND t$7.since <= CURRENT_DATE AND (t$7.until IS NULL OR t$7.until >= CURRENT_DATE)) AS r$10) AS captain) AS r$11)), '[]'::json) AS "$0_0" 
FROM (SELECT t$5.id AS id, t$5.compound_id AS compound_id, t$5.unit_path AS unit_path, t$5.phase_id AS phase_id, t$5.name AS name, t$5.sorting AS sorting, t$5.households AS households, t$5.storeys AS storeys, t$5.closed_on AS closed_on, t$5.cut_by_closing AS cut_by_closing, t$5.before_closing AS before_closing, t$5.version AS version 
FROM building AS t$5 
WHERE (EXISTS (SELECT management_contract_3.company_id 
FROM management_contract AS management_contract_3 
WHERE management_contract_3.compound_id = t$5.compound_id AND management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND management_contract_3.company_id = $7::UUID)) AND t$5.compound_id = p$4.id AND t$5.closed_on IS NULL ORDER BY t$5.unit_path, t$5.compound_id, t$5.sorting, t$5.id 
 LIMIT $8::INTEGER) AS p$6) AS g$12) AS r$13) AS buildings) AS r$14)), '[]'::json) AS "$0_0" 
FROM (SELECT t$3.id AS id, t$3.unit_path AS unit_path, t$3.name AS name, t$3.pinyin AS pinyin, t$3.sorting AS sorting, t$3.address AS address, t$3.households AS households, t$3.residents AS residents, t$3.party_members AS party_members, t$3.surveyed_on AS surveyed_on, t$3.closed_on AS closed_on, t$3.version AS version 
FROM compound AS t$3 
WHERE (EXISTS (SELECT management_contract_4.company_id 
FROM management_contract AS management_contract_4 
WHERE management_contract_4.compound_id = t$3.id AND management_contract_4.since <= CURRENT_DATE AND (management_contract_4.until IS NULL OR management_contract_4.until >= CURRENT_DATE) AND management_contract_4.company_id = $9::UUID)) AND t$3.id = ANY (array((SELECT management_contract_5.compound_id 
FROM management_contract AS management_contract_5 
WHERE management_contract_5.company_id = p$2.id AND management_contract_5.since <= CURRENT_DATE AND (management_contract_5.until IS NULL OR management_contract_5.until >= CURRENT_DATE)))) AND t$3.closed_on IS NULL ORDER BY t$3.unit_path, t$3.sorting, t$3.id 
 LIMIT $10::INTEGER) AS p$4) AS g$15) AS r$16) AS compounds) AS r$17)), '[]'::json) AS "$0_0" 
FROM (SELECT t$1.id AS id, t$1.unit_path AS unit_path, t$1.name AS name, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.credit_code AS credit_code, t$1.organization_id AS organization_id, t$1.party_in_articles AS party_in_articles, t$1.covenant_on AS covenant_on, t$1.in_association AS in_association, t$1.recruitment_quota AS recruitment_quota, t$1.closed_on AS closed_on, t$1.version AS version 
FROM property_company AS t$1 
WHERE t$1.id = $11::UUID AND t$1.closed_on IS NULL ORDER BY t$1.unit_path, t$1.sorting, t$1.id 
 LIMIT $12::INTEGER) AS p$2) AS g$18) AS r$19) AS "propertyCompanies", (SELECT row_to_json(r$23) AS row_to_json_10 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM compound AS t$22 
WHERE (EXISTS (SELECT management_contract_6.company_id 
FROM management_contract AS management_contract_6 
WHERE management_contract_6.compound_id = t$22.id AND management_contract_6.since <= CURRENT_DATE AND (management_contract_6.until IS NULL OR management_contract_6.until >= CURRENT_DATE) AND management_contract_6.company_id = $9::UUID)) AND t$22.closed_on IS NULL) AS "totalCount") AS r$23) AS compounds) AS r$24) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

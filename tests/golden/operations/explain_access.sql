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
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $14::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $15::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$10) AS row_to_json_1 
FROM (SELECT (SELECT coalesce(json_agg(row_to_json(r$9)), '[]'::json) AS coalesce_1 
FROM (SELECT CAST(coalesce((SELECT account_1.name 
FROM account AS account_1 
WHERE account_1.id = t$1.account_id), '') AS TEXT) COLLATE "C" AS "accountName", (SELECT row_to_json(r$3) AS row_to_json_2 
FROM (SELECT t$2.name AS name 
FROM account AS t$2 
WHERE (t$2.id = $5::UUID OR t$2.unit_path >= $6::VARCHAR COLLATE "C" AND t$2.unit_path < $7::VARCHAR COLLATE "C") AND t$2.id = t$1.account_id) AS r$3) AS account, (SELECT row_to_json(r$5) AS row_to_json_3 
FROM (SELECT t$4.role AS role, (SELECT account_2.name 
FROM account AS account_2 
WHERE account_2.id = t$4.granted_by) AS "grantedByName", t$4.reason AS reason 
FROM role_grant AS t$4 
WHERE (t$4.account_id = $8::UUID OR coalesce(t$4.unit_path, (SELECT property_company_1.unit_path 
FROM property_company AS property_company_1 
WHERE property_company_1.id = t$4.company_id), (SELECT building_1.unit_path 
FROM building AS building_1 
WHERE building_1.id = t$4.building_id), (SELECT member_1.unit_path 
FROM member AS member_1 
WHERE member_1.id = t$4.member_id), (SELECT department_1.unit_path 
FROM department AS department_1 
WHERE department_1.id = t$4.department_id)) >= $9::VARCHAR COLLATE "C" AND coalesce(t$4.unit_path, (SELECT property_company_1.unit_path 
FROM property_company AS property_company_1 
WHERE property_company_1.id = t$4.company_id), (SELECT building_1.unit_path 
FROM building AS building_1 
WHERE building_1.id = t$4.building_id), (SELECT member_1.unit_path 
FROM member AS member_1 
WHERE member_1.id = t$4.member_id), (SELECT department_1.unit_path 
FROM department AS department_1 
WHERE department_1.id = t$4.department_id)) < $10::VARCHAR COLLATE "C") AND t$4.id = t$1.id) AS r$5) AS "grant", t$1.role AS role, coalesce(coalesce((SELECT org_unit_1.name 
FROM org_unit AS org_unit_1 
WHERE org_unit_1.path = t$1.unit_path), (SELECT property_company_2.name 
FROM property_company AS property_company_2 
WHERE property_company_2.id = t$1.company_id), (SELECT building_2.name 
FROM building AS building_2 
WHERE building_2.id = t$1.building_id), (SELECT member_2.name 
FROM member AS member_2 
WHERE member_2.id = t$1.member_id), (SELECT department_2.name 
FROM department AS department_2 
WHERE department_2.id = t$1.department_id)), CAST(coalesce((SELECT account_3.name 
FROM account AS account_3 
WHERE account_3.id = t$1.account_id), '') AS TEXT) COLLATE "C") AS "seatName", coalesce((SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(coalesce(t$1.unit_path, (SELECT account_4.unit_path 
FROM account AS account_4 
WHERE account_4.id = t$1.oneself), (SELECT property_company_3.unit_path 
FROM property_company AS property_company_3 
WHERE property_company_3.id = t$1.company_id), (SELECT building_3.unit_path 
FROM building AS building_3 
WHERE building_3.id = t$1.building_id), (SELECT member_3.unit_path 
FROM member AS member_3 
WHERE member_3.id = t$1.member_id), (SELECT department_3.unit_path 
FROM department AS department_3 
WHERE department_3.id = t$1.department_id)), '/')) AND (place.level >= 'COUNTY' OR place.path = coalesce(t$1.unit_path, (SELECT account_4.unit_path 
FROM account AS account_4 
WHERE account_4.id = t$1.oneself), (SELECT property_company_3.unit_path 
FROM property_company AS property_company_3 
WHERE property_company_3.id = t$1.company_id), (SELECT building_3.unit_path 
FROM building AS building_3 
WHERE building_3.id = t$1.building_id), (SELECT member_3.unit_path 
FROM member AS member_3 
WHERE member_3.id = t$1.member_id), (SELECT department_3.unit_path 
FROM department AS department_3 
WHERE department_3.id = t$1.department_id)))), '{}') AS place, t$1.since AS since, t$1.until AS until, CASE t$1.role WHEN 'community_admin' THEN 'p, administrator, captain, assign' WHEN 'county_admin' THEN 'p, administrator, captain, assign' WHEN 'town_admin' THEN 'p, administrator, captain, assign' END AS rule, CASE t$1.role WHEN 'community_admin' THEN ARRAY['community_admin', 'administrator'] WHEN 'county_admin' THEN ARRAY['county_admin', 'town_admin', 'administrator'] WHEN 'town_admin' THEN ARRAY['town_admin', 'administrator'] END AS inherits, (SELECT array_remove(CAST(ARRAY[CASE WHEN (t$1.role IN ('community_admin', 'county_admin', 'town_admin') AND t$1.unit_path = ANY (path_line(t$6.unit_path)) AND t$6.unit_path >= t$1.unit_path AND t$6.unit_path < (left(t$1.unit_path, -1) || '0')) THEN 'WITHIN' END] AS TEXT[]), NULL) AS array_remove_1 
FROM building AS t$6 
WHERE t$6.id = $11::UUID) AS by 
FROM seat AS t$1 
WHERE t$1.id = ANY (array((SELECT t$8.id 
FROM building AS t$7, seat AS t$8 
WHERE t$7.id = $11::UUID AND (t$7.unit_path >= $12::VARCHAR COLLATE "C" AND t$7.unit_path < $13::VARCHAR COLLATE "C" OR t$7.compound_id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND (t$7.unit_path >= $16::VARCHAR COLLATE "C" AND t$7.unit_path < $17::VARCHAR COLLATE "C" OR $18::UUID = $19::UUID) AND t$8.role IN ('community_admin', 'county_admin', 'town_admin') AND t$8.unit_path = ANY (path_line(t$7.unit_path)) AND t$7.unit_path >= t$8.unit_path AND t$7.unit_path < (left(t$8.unit_path, -1) || '0') AND t$8.revoked_at IS NULL AND t$8.since <= now() AND (t$8.until IS NULL OR t$8.until > now()) AND (EXISTS (SELECT account_5.id 
FROM account AS account_5 
WHERE account_5.id = t$8.account_id AND account_5.closed_at IS NULL AND account_5.kind = 'PERSON')) AND (t$8.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_1.account_id 
FROM program AS program_1 
WHERE program_1.account_id = t$8.account_id AND 'captain' != ALL (program_1.entities)))) AND t$8.account_id = $18::UUID))) ORDER BY CAST(coalesce((SELECT account_6.name 
FROM account AS account_6 
WHERE account_6.id = t$1.account_id), '') AS TEXT) COLLATE "C", t$1.since, t$1.id) AS r$9) AS "explainAccess") AS r$10) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

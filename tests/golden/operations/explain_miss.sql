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
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$9) AS row_to_json_1 
FROM (SELECT (SELECT coalesce(json_agg(row_to_json(r$8)), '[]'::json) AS coalesce_1 
FROM (SELECT CAST(coalesce((SELECT account_1.name 
FROM account AS account_1 
WHERE account_1.id = t$1.account_id), '') AS TEXT) COLLATE "C" AS "accountName", (SELECT row_to_json(r$2) AS row_to_json_2 
FROM (SELECT t$1.role AS role) AS r$2) AS "grant", t$1.role AS role, coalesce((SELECT org_unit_1.name 
FROM org_unit AS org_unit_1 
WHERE org_unit_1.path = t$1.unit_path), (SELECT property_company_1.name 
FROM property_company AS property_company_1 
WHERE property_company_1.id = t$1.company_id), (SELECT building_1.name 
FROM building AS building_1 
WHERE building_1.id = t$1.building_id), (SELECT member_1.name 
FROM member AS member_1 
WHERE member_1.id = t$1.member_id), (SELECT department_1.name 
FROM department AS department_1 
WHERE department_1.id = t$1.department_id)) AS "seatName", (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(coalesce(t$1.unit_path, (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = t$1.company_id), (SELECT building_2.unit_path 
FROM building AS building_2 
WHERE building_2.id = t$1.building_id), (SELECT member_2.unit_path 
FROM member AS member_2 
WHERE member_2.id = t$1.member_id), (SELECT department_2.unit_path 
FROM department AS department_2 
WHERE department_2.id = t$1.department_id)), '/')) AND (place.level >= 'COUNTY' OR place.path = coalesce(t$1.unit_path, (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = t$1.company_id), (SELECT building_2.unit_path 
FROM building AS building_2 
WHERE building_2.id = t$1.building_id), (SELECT member_2.unit_path 
FROM member AS member_2 
WHERE member_2.id = t$1.member_id), (SELECT department_2.unit_path 
FROM department AS department_2 
WHERE department_2.id = t$1.department_id)))) AS place, t$1.since AS since, t$1.until AS until, t$1.revoked_at AS "revokedAt", coalesce(nullif(array_remove(CAST(ARRAY[CASE WHEN (NOT (t$1.revoked_at IS NULL AND t$1.since <= now() AND (t$1.until IS NULL OR t$1.until > now()))) THEN 'TIME' END, CASE WHEN (NOT (EXISTS (SELECT 1 
FROM org_unit AS t$3 
WHERE t$3.id = $5::UUID AND (t$1.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin', 'visit_keeper') AND t$1.unit_path = ANY (path_line(t$3.path)) AND t$3.path >= t$1.unit_path AND t$3.path < (left(t$1.unit_path, -1) || '0') AND t$1.unit_path != t$3.path OR t$1.role IN ('member') AND (EXISTS (SELECT member_3.id 
FROM member AS member_3 
WHERE member_3.unit_path = t$3.path AND t$1.member_id = member_3.id)) OR t$1.role IN ('property_committee') AND t$1.unit_path = ANY (path_line(t$3.path)) AND t$3.path >= t$1.unit_path AND t$3.path < (left(t$1.unit_path, -1) || '0') AND t$1.unit_path != t$3.path)))) THEN 'SEAT' END, CASE WHEN ((t$1.role NOT IN ('county_admin'))) THEN 'RIGHT' END] AS TEXT[]), NULL), '{}'), '{ACCOUNT}') AS missing, CASE t$1.role WHEN 'county_admin' THEN ARRAY['p, county_admin, unit, move'] ELSE CAST(ARRAY['p, county_admin, unit, move'] AS TEXT[]) END AS rules 
FROM role_grant AS t$1 
WHERE (t$1.account_id = $6::UUID OR coalesce(t$1.unit_path, (SELECT property_company_3.unit_path 
FROM property_company AS property_company_3 
WHERE property_company_3.id = t$1.company_id), (SELECT building_3.unit_path 
FROM building AS building_3 
WHERE building_3.id = t$1.building_id), (SELECT member_4.unit_path 
FROM member AS member_4 
WHERE member_4.id = t$1.member_id), (SELECT department_3.unit_path 
FROM department AS department_3 
WHERE department_3.id = t$1.department_id)) >= $7::VARCHAR COLLATE "C" AND coalesce(t$1.unit_path, (SELECT property_company_3.unit_path 
FROM property_company AS property_company_3 
WHERE property_company_3.id = t$1.company_id), (SELECT building_3.unit_path 
FROM building AS building_3 
WHERE building_3.id = t$1.building_id), (SELECT member_4.unit_path 
FROM member AS member_4 
WHERE member_4.id = t$1.member_id), (SELECT department_3.unit_path 
FROM department AS department_3 
WHERE department_3.id = t$1.department_id)) < $8::VARCHAR COLLATE "C") AND t$1.account_id = $9::UUID AND (EXISTS (SELECT 1 
FROM org_unit AS t$4 
WHERE t$4.id = $5::UUID AND t$4.path >= $10::VARCHAR COLLATE "C" AND t$4.path < $11::VARCHAR COLLATE "C" AND (t$4.path >= $12::VARCHAR COLLATE "C" AND t$4.path < $13::VARCHAR COLLATE "C" OR $9::UUID = $14::UUID))) AND NOT (EXISTS (SELECT t$6.id 
FROM org_unit AS t$5, seat AS t$6 
WHERE t$5.id = $5::UUID AND t$5.path >= $10::VARCHAR COLLATE "C" AND t$5.path < $11::VARCHAR COLLATE "C" AND (t$5.path >= $12::VARCHAR COLLATE "C" AND t$5.path < $13::VARCHAR COLLATE "C" OR $9::UUID = $14::UUID) AND t$6.role IN ('county_admin') AND t$6.unit_path = ANY (path_line(t$5.path)) AND t$5.path >= t$6.unit_path AND t$5.path < (left(t$6.unit_path, -1) || '0') AND t$6.unit_path != t$5.path AND t$6.revoked_at IS NULL AND t$6.since <= now() AND (t$6.until IS NULL OR t$6.until > now()) AND (EXISTS (SELECT account_2.id 
FROM account AS account_2 
WHERE account_2.id = t$6.account_id AND account_2.closed_at IS NULL AND account_2.kind = 'PERSON')) AND (t$6.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_1.account_id 
FROM program AS program_1 
WHERE program_1.account_id = t$6.account_id AND 'unit' != ALL (program_1.entities)))) AND t$6.account_id = $9::UUID)) AND (t$1.revoked_at IS NULL AND t$1.since <= now() AND (t$1.until IS NULL OR t$1.until > now()) OR coalesce(t$1.unit_path, (SELECT property_company_4.unit_path 
FROM property_company AS property_company_4 
WHERE property_company_4.id = t$1.company_id), (SELECT building_4.unit_path 
FROM building AS building_4 
WHERE building_4.id = t$1.building_id), (SELECT member_5.unit_path 
FROM member AS member_5 
WHERE member_5.id = t$1.member_id), (SELECT department_4.unit_path 
FROM department AS department_4 
WHERE department_4.id = t$1.department_id)) >= $15::VARCHAR COLLATE "C" AND coalesce(t$1.unit_path, (SELECT property_company_4.unit_path 
FROM property_company AS property_company_4 
WHERE property_company_4.id = t$1.company_id), (SELECT building_4.unit_path 
FROM building AS building_4 
WHERE building_4.id = t$1.building_id), (SELECT member_5.unit_path 
FROM member AS member_5 
WHERE member_5.id = t$1.member_id), (SELECT department_4.unit_path 
FROM department AS department_4 
WHERE department_4.id = t$1.department_id)) < $16::VARCHAR COLLATE "C") AND (least(t$1.until, t$1.revoked_at) IS NULL OR least(t$1.until, t$1.revoked_at) > now() - interval '365 days') ORDER BY 0 + CASE WHEN (NOT (t$1.revoked_at IS NULL AND t$1.since <= now() AND (t$1.until IS NULL OR t$1.until > now()))) THEN 1 ELSE 0 END + CASE WHEN (NOT (EXISTS (SELECT 1 
FROM org_unit AS t$7 
WHERE t$7.id = $5::UUID AND (t$1.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin', 'visit_keeper') AND t$1.unit_path = ANY (path_line(t$7.path)) AND t$7.path >= t$1.unit_path AND t$7.path < (left(t$1.unit_path, -1) || '0') AND t$1.unit_path != t$7.path OR t$1.role IN ('member') AND (EXISTS (SELECT member_6.id 
FROM member AS member_6 
WHERE member_6.unit_path = t$7.path AND t$1.member_id = member_6.id)) OR t$1.role IN ('property_committee') AND t$1.unit_path = ANY (path_line(t$7.path)) AND t$7.path >= t$1.unit_path AND t$7.path < (left(t$1.unit_path, -1) || '0') AND t$1.unit_path != t$7.path)))) THEN 2 ELSE 0 END + CASE WHEN ((t$1.role NOT IN ('county_admin'))) THEN 4 ELSE 0 END, t$1.since, t$1.id 
 LIMIT 10) AS r$8) AS "explainMiss") AS r$9) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

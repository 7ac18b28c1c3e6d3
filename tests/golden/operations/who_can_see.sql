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
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $8::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $9::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$26) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$25) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM seat AS t$15 
WHERE t$15.id = ANY (array((SELECT t$17.id 
FROM compound AS t$16, seat AS t$17 
WHERE t$16.id = $5::UUID AND (t$16.unit_path >= $6::VARCHAR COLLATE "C" AND t$16.unit_path < $7::VARCHAR COLLATE "C" OR t$16.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$16.unit_path >= $10::VARCHAR COLLATE "C" AND t$16.unit_path < $11::VARCHAR COLLATE "C" AND t$17.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin') AND t$17.unit_path = ANY (path_line(t$16.unit_path)) AND t$16.unit_path >= t$17.unit_path AND t$16.unit_path < (left(t$17.unit_path, -1) || '0') AND t$17.revoked_at IS NULL AND t$17.since <= now() AND (t$17.until IS NULL OR t$17.until > now()) AND (EXISTS (SELECT account_1.id 
FROM account AS account_1 
WHERE account_1.id = t$17.account_id AND account_1.closed_at IS NULL)) AND (t$17.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_1.account_id 
FROM program AS program_1 
WHERE program_1.account_id = t$17.account_id AND 'compound' != ALL (program_1.entities)))) UNION ALL SELECT t$19.id 
FROM compound AS t$18, seat AS t$19, (SELECT compound_sharing_2.compound_id AS compound_id, compound_sharing_2.sharer_path AS sharer_path 
FROM compound_sharing AS compound_sharing_2 
WHERE compound_sharing_2.since <= CURRENT_DATE AND (compound_sharing_2.until IS NULL OR compound_sharing_2.until >= CURRENT_DATE)) AS anon_2 
WHERE t$18.id = $5::UUID AND (t$18.unit_path >= $6::VARCHAR COLLATE "C" AND t$18.unit_path < $7::VARCHAR COLLATE "C" OR t$18.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$18.unit_path >= $10::VARCHAR COLLATE "C" AND t$18.unit_path < $11::VARCHAR COLLATE "C" AND t$19.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'property_committee', 'town_admin') AND anon_2.compound_id = t$18.id AND t$19.unit_path = ANY (path_line(anon_2.sharer_path)) AND anon_2.sharer_path >= t$19.unit_path AND anon_2.sharer_path < (left(t$19.unit_path, -1) || '0') AND t$19.revoked_at IS NULL AND t$19.since <= now() AND (t$19.until IS NULL OR t$19.until > now()) AND (EXISTS (SELECT account_2.id 
FROM account AS account_2 
WHERE account_2.id = t$19.account_id AND account_2.closed_at IS NULL)) AND (t$19.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_2.account_id 
FROM program AS program_2 
WHERE program_2.account_id = t$19.account_id AND 'compound' != ALL (program_2.entities)))) UNION ALL SELECT t$21.id 
FROM compound AS t$20, seat AS t$21 
WHERE t$20.id = $5::UUID AND (t$20.unit_path >= $6::VARCHAR COLLATE "C" AND t$20.unit_path < $7::VARCHAR COLLATE "C" OR t$20.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$20.unit_path >= $10::VARCHAR COLLATE "C" AND t$20.unit_path < $11::VARCHAR COLLATE "C" AND t$21.role IN ('company_secretary') AND (EXISTS (SELECT management_contract_1.company_id 
FROM management_contract AS management_contract_1 
WHERE management_contract_1.compound_id = t$20.id AND management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND t$21.company_id = management_contract_1.company_id)) AND t$21.revoked_at IS NULL AND t$21.since <= now() AND (t$21.until IS NULL OR t$21.until > now()) AND (EXISTS (SELECT account_3.id 
FROM account AS account_3 
WHERE account_3.id = t$21.account_id AND account_3.closed_at IS NULL)) AND (t$21.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_3.account_id 
FROM program AS program_3 
WHERE program_3.account_id = t$21.account_id AND 'compound' != ALL (program_3.entities)))) UNION ALL SELECT t$23.id 
FROM compound AS t$22, seat AS t$23 
WHERE t$22.id = $5::UUID AND (t$22.unit_path >= $6::VARCHAR COLLATE "C" AND t$22.unit_path < $7::VARCHAR COLLATE "C" OR t$22.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$22.unit_path >= $10::VARCHAR COLLATE "C" AND t$22.unit_path < $11::VARCHAR COLLATE "C" AND t$23.role IN ('property_committee') AND t$23.unit_path = ANY (path_line(t$22.unit_path)) AND t$22.unit_path >= t$23.unit_path AND t$22.unit_path < (left(t$23.unit_path, -1) || '0') AND t$23.revoked_at IS NULL AND t$23.since <= now() AND (t$23.until IS NULL OR t$23.until > now()) AND (EXISTS (SELECT account_4.id 
FROM account AS account_4 
WHERE account_4.id = t$23.account_id AND account_4.closed_at IS NULL)) AND (t$23.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_4.account_id 
FROM program AS program_4 
WHERE program_4.account_id = t$23.account_id AND 'compound' != ALL (program_4.entities)))))))) AS "totalCount", g$14."$1_0" AS nodes, (SELECT row_to_json(r$24) AS row_to_json_3 
FROM (SELECT g$14."$2_0" AS "hasNextPage", g$14."$2_1" AS "endCursor") AS r$24) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$13) AS row_to_json_4 
FROM (SELECT CAST(coalesce((SELECT account_5.name 
FROM account AS account_5 
WHERE account_5.id = p$11.account_id), '') AS TEXT) COLLATE "C" AS "accountName", p$11.role AS role, coalesce(coalesce((SELECT org_unit_1.name 
FROM org_unit AS org_unit_1 
WHERE org_unit_1.path = p$11.unit_path), (SELECT property_company_1.name 
FROM property_company AS property_company_1 
WHERE property_company_1.id = p$11.company_id), (SELECT building_1.name 
FROM building AS building_1 
WHERE building_1.id = p$11.building_id), (SELECT member_1.name 
FROM member AS member_1 
WHERE member_1.id = p$11.member_id), (SELECT department_1.name 
FROM department AS department_1 
WHERE department_1.id = p$11.department_id)), CAST(coalesce((SELECT account_6.name 
FROM account AS account_6 
WHERE account_6.id = p$11.account_id), '') AS TEXT) COLLATE "C") AS "seatName", coalesce((SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(coalesce(p$11.unit_path, (SELECT account_7.unit_path 
FROM account AS account_7 
WHERE account_7.id = p$11.oneself), (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = p$11.company_id), (SELECT building_2.unit_path 
FROM building AS building_2 
WHERE building_2.id = p$11.building_id), (SELECT member_2.unit_path 
FROM member AS member_2 
WHERE member_2.id = p$11.member_id), (SELECT department_2.unit_path 
FROM department AS department_2 
WHERE department_2.id = p$11.department_id)), '/')) AND (place.level >= 'COUNTY' OR place.path = coalesce(p$11.unit_path, (SELECT account_7.unit_path 
FROM account AS account_7 
WHERE account_7.id = p$11.oneself), (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = p$11.company_id), (SELECT building_2.unit_path 
FROM building AS building_2 
WHERE building_2.id = p$11.building_id), (SELECT member_2.unit_path 
FROM member AS member_2 
WHERE member_2.id = p$11.member_id), (SELECT department_2.unit_path 
FROM department AS department_2 
WHERE department_2.id = p$11.department_id)))), '{}') AS place, CASE p$11.role WHEN 'auditor' THEN 'p, line_watcher, compound, read' WHEN 'community_admin' THEN 'p, line_watcher, compound, read' WHEN 'company_secretary' THEN 'p, line_watcher, compound, read' WHEN 'county_admin' THEN 'p, line_watcher, compound, read' WHEN 'partner' THEN 'p, line_watcher, compound, read' WHEN 'property_committee' THEN 'p, line_watcher, compound, read' WHEN 'town_admin' THEN 'p, line_watcher, compound, read' END AS rule, CASE p$11.role WHEN 'auditor' THEN ARRAY['auditor', 'line_watcher'] WHEN 'community_admin' THEN ARRAY['community_admin', 'administrator', 'line_watcher'] WHEN 'company_secretary' THEN ARRAY['company_secretary', 'line_watcher'] WHEN 'county_admin' THEN ARRAY['county_admin', 'town_admin', 'administrator', 'line_watcher'] WHEN 'partner' THEN ARRAY['partner', 'line_watcher'] WHEN 'property_committee' THEN ARRAY['property_committee', 'line_watcher'] WHEN 'town_admin' THEN ARRAY['town_admin', 'administrator', 'line_watcher'] END AS inherits, (SELECT array_remove(CAST(ARRAY[CASE WHEN (p$11.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin') AND p$11.unit_path = ANY (path_line(t$12.unit_path)) AND t$12.unit_path >= p$11.unit_path AND t$12.unit_path < (left(p$11.unit_path, -1) || '0')) THEN 'WITHIN' END, CASE WHEN (p$11.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'property_committee', 'town_admin') AND (EXISTS (SELECT compound_sharing_3.sharer_path 
FROM compound_sharing AS compound_sharing_3 
WHERE compound_sharing_3.since <= CURRENT_DATE AND (compound_sharing_3.until IS NULL OR compound_sharing_3.until >= CURRENT_DATE) AND compound_sharing_3.compound_id = t$12.id AND p$11.unit_path = ANY (path_line(compound_sharing_3.sharer_path)) AND compound_sharing_3.sharer_path >= p$11.unit_path AND compound_sharing_3.sharer_path < (left(p$11.unit_path, -1) || '0')))) THEN 'SHARED' END, CASE WHEN (p$11.role IN ('property_committee') AND p$11.unit_path = ANY (path_line(t$12.unit_path)) AND t$12.unit_path >= p$11.unit_path AND t$12.unit_path < (left(p$11.unit_path, -1) || '0')) THEN 'SECTOR' END, CASE WHEN (p$11.role IN ('company_secretary') AND (EXISTS (SELECT management_contract_2.company_id 
FROM management_contract AS management_contract_2 
WHERE management_contract_2.compound_id = t$12.id AND management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND p$11.company_id = management_contract_2.company_id))) THEN 'COMPANY' END] AS TEXT[]), NULL) AS array_remove_1 
FROM compound AS t$12 
WHERE t$12.id = $5::UUID) AS by) AS r$13)) FILTER (WHERE p$11."$place" <= $12::INTEGER), '[]'::json) AS "$1_0", count(*) > $12::INTEGER AS "$2_0", max(translate(encode(substr(sha256($13::BYTEA || sha256($13::BYTEA || uuid_send(p$11.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$11.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($13::BYTEA || sha256($13::BYTEA || uuid_send(p$11.id))), 1, 16) || $13::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$11."$place" = least(p$11."$total", $12::INTEGER)) AS "$2_1" 
FROM (SELECT p$10.id AS id, p$10.account_id AS account_id, p$10.role AS role, p$10.unit_path AS unit_path, p$10.company_id AS company_id, p$10.building_id AS building_id, p$10.member_id AS member_id, p$10.department_id AS department_id, p$10.oneself AS oneself, p$10.since AS since, p$10.until AS until, p$10.revoked_at AS revoked_at, p$10.granted_by AS granted_by, p$10.reason AS reason, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.account_id AS account_id, t$1.role AS role, t$1.unit_path AS unit_path, t$1.company_id AS company_id, t$1.building_id AS building_id, t$1.member_id AS member_id, t$1.department_id AS department_id, t$1.oneself AS oneself, t$1.since AS since, t$1.until AS until, t$1.revoked_at AS revoked_at, t$1.granted_by AS granted_by, t$1.reason AS reason 
FROM seat AS t$1 
WHERE t$1.id = ANY (array((SELECT t$3.id 
FROM compound AS t$2, seat AS t$3 
WHERE t$2.id = $5::UUID AND (t$2.unit_path >= $6::VARCHAR COLLATE "C" AND t$2.unit_path < $7::VARCHAR COLLATE "C" OR t$2.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$2.unit_path >= $10::VARCHAR COLLATE "C" AND t$2.unit_path < $11::VARCHAR COLLATE "C" AND t$3.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin') AND t$3.unit_path = ANY (path_line(t$2.unit_path)) AND t$2.unit_path >= t$3.unit_path AND t$2.unit_path < (left(t$3.unit_path, -1) || '0') AND t$3.revoked_at IS NULL AND t$3.since <= now() AND (t$3.until IS NULL OR t$3.until > now()) AND (EXISTS (SELECT account_8.id 
FROM account AS account_8 
WHERE account_8.id = t$3.account_id AND account_8.closed_at IS NULL)) AND (t$3.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_5.account_id 
FROM program AS program_5 
WHERE program_5.account_id = t$3.account_id AND 'compound' != ALL (program_5.entities)))) UNION ALL SELECT t$5.id 
FROM compound AS t$4, seat AS t$5, (SELECT compound_sharing_4.compound_id AS compound_id, compound_sharing_4.sharer_path AS sharer_path 
FROM compound_sharing AS compound_sharing_4 
WHERE compound_sharing_4.since <= CURRENT_DATE AND (compound_sharing_4.until IS NULL OR compound_sharing_4.until >= CURRENT_DATE)) AS anon_3 
WHERE t$4.id = $5::UUID AND (t$4.unit_path >= $6::VARCHAR COLLATE "C" AND t$4.unit_path < $7::VARCHAR COLLATE "C" OR t$4.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$4.unit_path >= $10::VARCHAR COLLATE "C" AND t$4.unit_path < $11::VARCHAR COLLATE "C" AND t$5.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'property_committee', 'town_admin') AND anon_3.compound_id = t$4.id AND t$5.unit_path = ANY (path_line(anon_3.sharer_path)) AND anon_3.sharer_path >= t$5.unit_path AND anon_3.sharer_path < (left(t$5.unit_path, -1) || '0') AND t$5.revoked_at IS NULL AND t$5.since <= now() AND (t$5.until IS NULL OR t$5.until > now()) AND (EXISTS (SELECT account_9.id 
FROM account AS account_9 
WHERE account_9.id = t$5.account_id AND account_9.closed_at IS NULL)) AND (t$5.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_6.account_id 
FROM program AS program_6 
WHERE program_6.account_id = t$5.account_id AND 'compound' != ALL (program_6.entities)))) UNION ALL SELECT t$7.id 
FROM compound AS t$6, seat AS t$7 
WHERE t$6.id = $5::UUID AND (t$6.unit_path >= $6::VARCHAR COLLATE "C" AND t$6.unit_path < $7::VARCHAR COLLATE "C" OR t$6.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$6.unit_path >= $10::VARCHAR COLLATE "C" AND t$6.unit_path < $11::VARCHAR COLLATE "C" AND t$7.role IN ('company_secretary') AND (EXISTS (SELECT management_contract_3.company_id 
FROM management_contract AS management_contract_3 
WHERE management_contract_3.compound_id = t$6.id AND management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND t$7.company_id = management_contract_3.company_id)) AND t$7.revoked_at IS NULL AND t$7.since <= now() AND (t$7.until IS NULL OR t$7.until > now()) AND (EXISTS (SELECT account_10.id 
FROM account AS account_10 
WHERE account_10.id = t$7.account_id AND account_10.closed_at IS NULL)) AND (t$7.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_7.account_id 
FROM program AS program_7 
WHERE program_7.account_id = t$7.account_id AND 'compound' != ALL (program_7.entities)))) UNION ALL SELECT t$9.id 
FROM compound AS t$8, seat AS t$9 
WHERE t$8.id = $5::UUID AND (t$8.unit_path >= $6::VARCHAR COLLATE "C" AND t$8.unit_path < $7::VARCHAR COLLATE "C" OR t$8.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$8.unit_path >= $10::VARCHAR COLLATE "C" AND t$8.unit_path < $11::VARCHAR COLLATE "C" AND t$9.role IN ('property_committee') AND t$9.unit_path = ANY (path_line(t$8.unit_path)) AND t$8.unit_path >= t$9.unit_path AND t$8.unit_path < (left(t$9.unit_path, -1) || '0') AND t$9.revoked_at IS NULL AND t$9.since <= now() AND (t$9.until IS NULL OR t$9.until > now()) AND (EXISTS (SELECT account_11.id 
FROM account AS account_11 
WHERE account_11.id = t$9.account_id AND account_11.closed_at IS NULL)) AND (t$9.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_8.account_id 
FROM program AS program_8 
WHERE program_8.account_id = t$9.account_id AND 'compound' != ALL (program_8.entities))))))) ORDER BY CAST(coalesce((SELECT account_12.name 
FROM account AS account_12 
WHERE account_12.id = t$1.account_id), '') AS TEXT) COLLATE "C", t$1.since, t$1.id 
 LIMIT $12::INTEGER + 1) AS p$10) AS p$11) AS g$14) AS r$25) AS "whoCanSee") AS r$26) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

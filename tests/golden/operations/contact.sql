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
(SELECT convert_to(CAST((SELECT row_to_json(r$16) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$5) AS row_to_json_2 
FROM (SELECT g$4."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$3) AS row_to_json_3 
FROM (SELECT p$2.name AS name) AS r$3)), '[]'::json) AS "$0_0" 
FROM (SELECT t$1.id AS id, t$1.unit_path AS unit_path, t$1.home_path AS home_path, t$1.name AS name, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.standing AS standing, t$1.employer AS employer, t$1.organization_id AS organization_id, t$1.phone AS phone, t$1.address AS address, t$1.left_on AS left_on, t$1.erased_on AS erased_on, t$1.restricted_on AS restricted_on, t$1.version AS version 
FROM member AS t$1 
WHERE false ORDER BY t$1.unit_path, t$1.sorting, t$1.id 
 LIMIT $5::INTEGER) AS p$2) AS g$4) AS r$5) AS members, (SELECT row_to_json(r$15) AS row_to_json_4 
FROM (SELECT g$14."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$13) AS row_to_json_5 
FROM (SELECT p$7.name AS name, (SELECT row_to_json(r$12) AS row_to_json_6 
FROM (SELECT (SELECT member_1.name 
FROM member AS member_1 
WHERE member_1.id = t$8.member_id) AS "memberName", (SELECT row_to_json(r$11) AS row_to_json_7 
FROM (SELECT CASE WHEN false THEN (SELECT row_to_json(r$10) AS row_to_json_8 
FROM (SELECT t$9.phone AS phone, t$9.address AS address) AS r$10) END AS contact 
FROM member AS t$9 
WHERE false) AS r$11) AS member 
FROM captain_term AS t$8 
WHERE (EXISTS (SELECT captain_term_1.member_id 
FROM captain_term AS captain_term_1 
WHERE captain_term_1.building_id = t$8.building_id AND captain_term_1.since <= CURRENT_DATE AND (captain_term_1.until IS NULL OR captain_term_1.until >= CURRENT_DATE) AND captain_term_1.member_id = $6::UUID)) AND t$8.building_id = p$7.id AND t$8.since <= CURRENT_DATE AND (t$8.until IS NULL OR t$8.until >= CURRENT_DATE)) AS r$12) AS captain) AS r$13)), '[]'::json) AS "$0_0" 
FROM (SELECT t$6.id AS id, t$6.compound_id AS compound_id, t$6.unit_path AS unit_path, t$6.phase_id AS phase_id, t$6.name AS name, t$6.sorting AS sorting, t$6.households AS households, t$6.storeys AS storeys, t$6.closed_on AS closed_on, t$6.cut_by_closing AS cut_by_closing, t$6.before_closing AS before_closing, t$6.version AS version 
FROM building AS t$6 
WHERE (EXISTS (SELECT captain_term_2.member_id 
FROM captain_term AS captain_term_2 
WHERE captain_term_2.building_id = t$6.id AND captain_term_2.since <= CURRENT_DATE AND (captain_term_2.until IS NULL OR captain_term_2.until >= CURRENT_DATE) AND captain_term_2.member_id = $7::UUID)) AND t$6.closed_on IS NULL ORDER BY t$6.unit_path, t$6.compound_id, t$6.sorting, t$6.id 
 LIMIT $8::INTEGER) AS p$7) AS g$14) AS r$15) AS buildings) AS r$16) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

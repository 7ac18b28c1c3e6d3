WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND (coalesce(credential.confirmed_by, credential.issued_by) IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND voucher.id = coalesce(credential.confirmed_by, credential.issued_by) AND voucher_grant.account_id = voucher.id AND (voucher_grant.role = 'administrator' OR voucher_grant.role = 'community_admin' OR voucher_grant.role = 'county_admin' OR voucher_grant.role = 'town_admin') AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(coalesce(credential.confirmed_at, credential.created_at), now()), now(), '[]'), false)) AND (credential.approved_by IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND credential.approved_by = voucher.id AND voucher_grant.account_id = voucher.id AND voucher_grant.role = 'county_admin' AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(credential.approved_at, now()), now(), '[]'), false)) AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$11) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$6) AS row_to_json_2 
FROM (SELECT g$5."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_3 
FROM (SELECT p$2.code AS code, array((SELECT a$3 
FROM unnest(CASE WHEN (p$2.path >= $5::VARCHAR COLLATE "C" AND p$2.path < $6::VARCHAR COLLATE "C" OR p$2.path >= $7::VARCHAR COLLATE "C" AND p$2.path < $8::VARCHAR COLLATE "C") THEN CAST(ARRAY['ACCESS_EXPLAIN', 'ACCOUNT_CREATE', 'ACTIVITY_PUBLISH', 'CENTRE_CREATE', 'COMPOUND_CREATE', 'DELIBERATION_DAY_SCHEDULE', 'DELIBERATION_REPORT_ASSESS', 'DELIBERATION_REPORT_PUBLISH', 'DISPUTE_RECORD', 'DUTY_ITEM_PUBLISH', 'DUTY_NEED_RECORD', 'FACILITY_RECORD', 'FUND_OPEN', 'GRANT_CREATE', 'GRID_TERM_ASSIGN', 'HELP_TEAM_MAINTAIN', 'HOUSEHOLD_CREATE', 'MATTER_PROPOSE', 'MEETING_CONVENE', 'MEMBER_CREATE', 'NEED_RESPONSE_RECORD', 'NEED_SURVEY_ANSWER', 'NEED_SURVEY_ISSUE', 'NEED_SURVEY_PUBLISH', 'PARTY_ORGANIZATION_CREATE', 'POINT_RULE_PUBLISH', 'PROGRAM_ISSUE', 'PROJECT_PROPOSE', 'RESIDENTS_TEAM_CREATE', 'SCORING_SHEET_PUBLISH', 'SERVICE_ITEM_ADJUST', 'SERVICE_ITEM_PUBLISH', 'SHARED_RESOURCE_OFFER', 'STORED_OPERATION_STORE', 'UNIT_CREATE', 'UNIT_READ', 'UNIT_REFER', 'UNIT_RENAME', 'WHISTLE_BLOW'] AS TEXT[]) COLLATE "C" ELSE CAST(ARRAY[] AS TEXT[]) COLLATE "C" END || CASE WHEN ((p$2.path >= $9::VARCHAR COLLATE "C" AND p$2.path < $10::VARCHAR COLLATE "C" OR p$2.path >= $11::VARCHAR COLLATE "C" AND p$2.path < $12::VARCHAR COLLATE "C") AND p$2.level != 'GRID' AND p$2.level != 'OUTLET') THEN CAST(ARRAY['ALLIANCE_FOUND'] AS TEXT[]) COLLATE "C" ELSE CAST(ARRAY[] AS TEXT[]) COLLATE "C" END) AS a$3 ORDER BY a$3)) AS "viewerCan") AS r$4)), '[]'::json) AS "$0_0" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.version AS version 
FROM org_unit AS t$1 
WHERE t$1.path >= $13::VARCHAR COLLATE "C" AND t$1.path < $14::VARCHAR COLLATE "C" OR t$1.path >= $15::VARCHAR COLLATE "C" AND t$1.path < $16::VARCHAR COLLATE "C" ORDER BY t$1.path 
 LIMIT $17::INTEGER) AS p$2) AS g$5) AS r$6) AS "orgUnits", (SELECT row_to_json(r$10) AS row_to_json_4 
FROM (SELECT EXISTS (SELECT 1 
FROM org_unit AS t$8 
WHERE (t$8.path >= $13::VARCHAR COLLATE "C" AND t$8.path < $14::VARCHAR COLLATE "C" OR t$8.path >= $15::VARCHAR COLLATE "C" AND t$8.path < $16::VARCHAR COLLATE "C") AND t$8.id = $18::UUID AND (t$8.path >= $19::VARCHAR COLLATE "C" AND t$8.path < $20::VARCHAR COLLATE "C" OR t$8.path >= $21::VARCHAR COLLATE "C" AND t$8.path < $22::VARCHAR COLLATE "C")) AS rename, EXISTS (SELECT 1 
FROM org_unit AS t$9 
WHERE false) AS move 
FROM account AS t$7 
WHERE t$7.id = $23::UUID) AS r$10) AS viewer) AS r$11) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

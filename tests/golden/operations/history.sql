WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND (coalesce(credential.confirmed_by, credential.issued_by) IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND voucher.id = coalesce(credential.confirmed_by, credential.issued_by) AND voucher_grant.account_id = voucher.id AND (voucher_grant.role = 'administrator' OR voucher_grant.role = 'community_admin' OR voucher_grant.role = 'county_admin' OR voucher_grant.role = 'town_admin') AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(coalesce(credential.confirmed_at, credential.created_at), now()), now(), '[]'), false)) AND (credential.approved_by IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND credential.approved_by = voucher.id AND voucher_grant.account_id = voucher.id AND voucher_grant.role = 'county_admin' AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(credential.approved_at, now()), now(), '[]'), false)) AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$8) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$7) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r$6) AS row_to_json_3 
FROM (SELECT g$5."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT p$3.command AS command, (SELECT account_1.name 
FROM account AS account_1 
WHERE account_1.id = p$3.account_id) AS "accountName") AS r$4)), '[]'::json) AS "$0_0" 
FROM (SELECT t$2.id AS id, t$2.at AS at, t$2.account_id AS account_id, t$2.credential_id AS credential_id, t$2.request_id AS request_id, t$2.command AS command, t$2.target_id AS target_id, t$2.unit_id AS unit_id, t$2.operation AS operation, t$2.detail AS detail, t$2.about_id AS about_id, t$2.chain AS chain 
FROM audit_entry AS t$2 
WHERE ((EXISTS (SELECT org_unit_1.path 
FROM org_unit AS org_unit_1 
WHERE org_unit_1.id = t$2.unit_id AND org_unit_1.path >= $5::VARCHAR COLLATE "C" AND org_unit_1.path < $6::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_2.path 
FROM org_unit AS org_unit_2 
WHERE org_unit_2.id = t$2.chain AND t$2.unit_id IS NOT NULL AND NOT (EXISTS (SELECT org_unit_3.id 
FROM org_unit AS org_unit_3 
WHERE org_unit_3.id = t$2.unit_id)) AND org_unit_2.path >= $5::VARCHAR COLLATE "C" AND org_unit_2.path < $6::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_4.path 
FROM org_unit AS org_unit_4 
WHERE org_unit_4.id = t$2.unit_id AND org_unit_4.path >= $7::VARCHAR COLLATE "C" AND org_unit_4.path < $8::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_5.path 
FROM org_unit AS org_unit_5 
WHERE org_unit_5.id = t$2.chain AND t$2.unit_id IS NOT NULL AND NOT (EXISTS (SELECT org_unit_6.id 
FROM org_unit AS org_unit_6 
WHERE org_unit_6.id = t$2.unit_id)) AND org_unit_5.path >= $7::VARCHAR COLLATE "C" AND org_unit_5.path < $8::VARCHAR COLLATE "C"))) AND (EXISTS (SELECT audit_change_1.table_name 
FROM audit_change AS audit_change_1 
WHERE audit_change_1.entry_id = t$2.id AND (t$2.command NOT IN ('deletePerson', 'closeAccount', 'resetPassword')))) AND NOT (EXISTS (SELECT audit_change_1.table_name 
FROM audit_change AS audit_change_1 
WHERE audit_change_1.entry_id = t$2.id AND (t$2.command NOT IN ('deletePerson', 'closeAccount', 'resetPassword')) AND (audit_change_1.table_name IN ('activity', 'activity_attendance', 'activity_sign_up', 'alliance', 'alliance_agreement', 'alliance_meeting', 'alliance_term', 'analysis_meeting', 'appraisal', 'branch_coverage', 'building', 'calendar_year', 'captain_term', 'catalog_entry', 'centre', 'centre_look', 'chair_evaluation', 'chair_theme', 'company_assessment', 'compound', 'compound_phase', 'compound_position', 'compound_sharing', 'contact_read', 'correction', 'deliberation_day', 'deliberation_report', 'department', 'department_offer', 'dispute', 'duty_item', 'duty_need', 'duty_suggestion', 'duty_term', 'facility', 'fund', 'fund_award', 'fund_entry', 'fund_year', 'grid_term', 'help_team', 'help_team_member', 'household', 'household_contact', 'instructor_visit', 'look_score', 'management_contract', 'matter', 'matter_move', 'matter_result', 'matter_way', 'meeting', 'meeting_attendance', 'meeting_item', 'meeting_minutes', 'meeting_place', 'member', 'member_profile', 'member_quarter', 'milestone', 'need_count', 'need_response', 'need_survey', 'operation_term', 'org_unit', 'owners_committee', 'party_organization', 'pledge', 'point_claim', 'point_entry', 'point_rule', 'point_standing', 'post', 'project', 'project_contribution', 'project_payment', 'project_phase', 'property_company', 'resident_report', 'residents_team', 'resource_use', 'role_grant', 'scoring_sheet', 'service_adjustment', 'service_item', 'shared_resource', 'sheet_item', 'stored_operation', 'survey_choice', 'taken_time', 'venue', 'venue_booking', 'walk', 'whistle', 'whistle_step') AND ((EXISTS (SELECT org_unit_7.path 
FROM org_unit AS org_unit_7 
WHERE org_unit_7.id = t$2.unit_id AND org_unit_7.path >= $9::VARCHAR COLLATE "C" AND org_unit_7.path < $10::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_8.path 
FROM org_unit AS org_unit_8 
WHERE org_unit_8.id = t$2.chain AND t$2.unit_id IS NOT NULL AND NOT (EXISTS (SELECT org_unit_9.id 
FROM org_unit AS org_unit_9 
WHERE org_unit_9.id = t$2.unit_id)) AND org_unit_8.path >= $9::VARCHAR COLLATE "C" AND org_unit_8.path < $10::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_10.path 
FROM org_unit AS org_unit_10 
WHERE org_unit_10.id = t$2.unit_id AND org_unit_10.path >= $11::VARCHAR COLLATE "C" AND org_unit_10.path < $12::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_11.path 
FROM org_unit AS org_unit_11 
WHERE org_unit_11.id = t$2.chain AND t$2.unit_id IS NOT NULL AND NOT (EXISTS (SELECT org_unit_12.id 
FROM org_unit AS org_unit_12 
WHERE org_unit_12.id = t$2.unit_id)) AND org_unit_11.path >= $11::VARCHAR COLLATE "C" AND org_unit_11.path < $12::VARCHAR COLLATE "C"))) OR false OR audit_change_1.table_name IN ('access_token', 'account', 'program', 'role_grant') AND ((EXISTS (SELECT org_unit_13.path 
FROM org_unit AS org_unit_13 
WHERE org_unit_13.id = t$2.unit_id AND org_unit_13.path >= $13::VARCHAR COLLATE "C" AND org_unit_13.path < $14::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_14.path 
FROM org_unit AS org_unit_14 
WHERE org_unit_14.id = t$2.chain AND t$2.unit_id IS NOT NULL AND NOT (EXISTS (SELECT org_unit_15.id 
FROM org_unit AS org_unit_15 
WHERE org_unit_15.id = t$2.unit_id)) AND org_unit_14.path >= $13::VARCHAR COLLATE "C" AND org_unit_14.path < $14::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_16.path 
FROM org_unit AS org_unit_16 
WHERE org_unit_16.id = t$2.unit_id AND org_unit_16.path >= $15::VARCHAR COLLATE "C" AND org_unit_16.path < $16::VARCHAR COLLATE "C")) OR (EXISTS (SELECT org_unit_17.path 
FROM org_unit AS org_unit_17 
WHERE org_unit_17.id = t$2.chain AND t$2.unit_id IS NOT NULL AND NOT (EXISTS (SELECT org_unit_18.id 
FROM org_unit AS org_unit_18 
WHERE org_unit_18.id = t$2.unit_id)) AND org_unit_17.path >= $15::VARCHAR COLLATE "C" AND org_unit_17.path < $16::VARCHAR COLLATE "C")))) IS NOT true)) AND (t$2.target_id = t$1.id AND (t$2.command NOT IN ('signUpForActivity', 'cancelSignUp', 'checkIn', 'recordHomeVisit', 'recordEarlierVisit', 'recordVisitInGridTerm', 'makePledge', 'claimPoints')) OR t$2.about_id = t$1.id OR (EXISTS (SELECT audit_change_2.id 
FROM audit_change AS audit_change_2 
WHERE audit_change_2.entry_id = t$2.id AND audit_change_2.row_id = t$1.id))) ORDER BY t$2.at, t$2.id 
 LIMIT $17::INTEGER) AS p$3) AS g$5) AS r$6) AS history 
FROM org_unit AS t$1 
WHERE (t$1.path >= $18::VARCHAR COLLATE "C" AND t$1.path < $19::VARCHAR COLLATE "C" OR t$1.path >= $20::VARCHAR COLLATE "C" AND t$1.path < $21::VARCHAR COLLATE "C") AND t$1.id = $22::UUID) AS r$7) AS node) AS r$8) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

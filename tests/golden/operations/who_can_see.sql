WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $3::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '365 days' AND account.closed_at IS NULL AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$22) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$21) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM seat AS t$13 
WHERE t$13.id = ANY (array((SELECT t$15.id 
FROM compound AS t$14, seat AS t$15 
WHERE t$14.id = $5::UUID AND t$14.unit_path >= $6::VARCHAR COLLATE "C" AND t$14.unit_path < $7::VARCHAR COLLATE "C" AND t$14.unit_path >= $8::VARCHAR COLLATE "C" AND t$14.unit_path < $9::VARCHAR COLLATE "C" AND t$15.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin') AND t$15.unit_path = ANY (path_line(t$14.unit_path)) AND t$14.unit_path >= t$15.unit_path AND t$14.unit_path < (left(t$15.unit_path, -1) || '0') AND t$15.revoked_at IS NULL AND t$15.since <= now() AND (t$15.until IS NULL OR t$15.until > now()) AND (EXISTS (SELECT account_1.id 
FROM account AS account_1 
WHERE account_1.id = t$15.account_id AND account_1.closed_at IS NULL)) AND (t$15.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_1.account_id 
FROM program AS program_1 
WHERE program_1.account_id = t$15.account_id AND 'compound' != ALL (program_1.entities)))) UNION ALL SELECT t$17.id 
FROM compound AS t$16, seat AS t$17 
WHERE t$16.id = $5::UUID AND t$16.unit_path >= $6::VARCHAR COLLATE "C" AND t$16.unit_path < $7::VARCHAR COLLATE "C" AND t$16.unit_path >= $8::VARCHAR COLLATE "C" AND t$16.unit_path < $9::VARCHAR COLLATE "C" AND t$17.role IN ('company_secretary') AND (EXISTS (SELECT management_contract_1.company_id 
FROM management_contract AS management_contract_1 
WHERE management_contract_1.compound_id = t$16.id AND management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND t$17.company_id = management_contract_1.company_id)) AND t$17.revoked_at IS NULL AND t$17.since <= now() AND (t$17.until IS NULL OR t$17.until > now()) AND (EXISTS (SELECT account_2.id 
FROM account AS account_2 
WHERE account_2.id = t$17.account_id AND account_2.closed_at IS NULL)) AND (t$17.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_2.account_id 
FROM program AS program_2 
WHERE program_2.account_id = t$17.account_id AND 'compound' != ALL (program_2.entities)))) UNION ALL SELECT t$19.id 
FROM compound AS t$18, seat AS t$19 
WHERE t$18.id = $5::UUID AND t$18.unit_path >= $6::VARCHAR COLLATE "C" AND t$18.unit_path < $7::VARCHAR COLLATE "C" AND t$18.unit_path >= $8::VARCHAR COLLATE "C" AND t$18.unit_path < $9::VARCHAR COLLATE "C" AND t$19.role IN ('property_committee') AND t$19.unit_path = ANY (path_line(t$18.unit_path)) AND t$18.unit_path >= t$19.unit_path AND t$18.unit_path < (left(t$19.unit_path, -1) || '0') AND t$19.revoked_at IS NULL AND t$19.since <= now() AND (t$19.until IS NULL OR t$19.until > now()) AND (EXISTS (SELECT account_3.id 
FROM account AS account_3 
WHERE account_3.id = t$19.account_id AND account_3.closed_at IS NULL)) AND (t$19.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_3.account_id 
FROM program AS program_3 
WHERE program_3.account_id = t$19.account_id AND 'compound' != ALL (program_3.entities)))))))) AS "totalCount", g$12."$1_0" AS nodes, (SELECT row_to_json(r$20) AS row_to_json_3 
FROM (SELECT g$12."$2_0" AS "hasNextPage", g$12."$2_1" AS "endCursor") AS r$20) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$11) AS row_to_json_4 
FROM (SELECT CAST(coalesce((SELECT account_4.name 
FROM account AS account_4 
WHERE account_4.id = p$9.account_id), '') AS TEXT) COLLATE "C" AS "accountName", p$9.role AS role, coalesce(coalesce((SELECT org_unit_1.name 
FROM org_unit AS org_unit_1 
WHERE org_unit_1.path = p$9.unit_path), (SELECT property_company_1.name 
FROM property_company AS property_company_1 
WHERE property_company_1.id = p$9.company_id), (SELECT building_1.name 
FROM building AS building_1 
WHERE building_1.id = p$9.building_id), (SELECT member_1.name 
FROM member AS member_1 
WHERE member_1.id = p$9.member_id)), CAST(coalesce((SELECT account_5.name 
FROM account AS account_5 
WHERE account_5.id = p$9.account_id), '') AS TEXT) COLLATE "C") AS "seatName", coalesce((SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(coalesce(p$9.unit_path, (SELECT account_6.unit_path 
FROM account AS account_6 
WHERE account_6.id = p$9.oneself), (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = p$9.company_id), (SELECT building_2.unit_path 
FROM building AS building_2 
WHERE building_2.id = p$9.building_id), (SELECT member_2.unit_path 
FROM member AS member_2 
WHERE member_2.id = p$9.member_id)), '/')) AND (place.level >= 'COUNTY' OR place.path = coalesce(p$9.unit_path, (SELECT account_6.unit_path 
FROM account AS account_6 
WHERE account_6.id = p$9.oneself), (SELECT property_company_2.unit_path 
FROM property_company AS property_company_2 
WHERE property_company_2.id = p$9.company_id), (SELECT building_2.unit_path 
FROM building AS building_2 
WHERE building_2.id = p$9.building_id), (SELECT member_2.unit_path 
FROM member AS member_2 
WHERE member_2.id = p$9.member_id)))), '{}') AS place, CASE p$9.role WHEN 'auditor' THEN 'p, line_watcher, compound, read' WHEN 'community_admin' THEN 'p, line_watcher, compound, read' WHEN 'company_secretary' THEN 'p, line_watcher, compound, read' WHEN 'county_admin' THEN 'p, line_watcher, compound, read' WHEN 'partner' THEN 'p, line_watcher, compound, read' WHEN 'property_committee' THEN 'p, line_watcher, compound, read' WHEN 'town_admin' THEN 'p, line_watcher, compound, read' END AS rule, CASE p$9.role WHEN 'auditor' THEN ARRAY['auditor', 'line_watcher'] WHEN 'community_admin' THEN ARRAY['community_admin', 'line_watcher'] WHEN 'company_secretary' THEN ARRAY['company_secretary', 'line_watcher'] WHEN 'county_admin' THEN ARRAY['county_admin', 'town_admin', 'community_admin', 'line_watcher'] WHEN 'partner' THEN ARRAY['partner', 'line_watcher'] WHEN 'property_committee' THEN ARRAY['property_committee', 'line_watcher'] WHEN 'town_admin' THEN ARRAY['town_admin', 'community_admin', 'line_watcher'] END AS inherits, (SELECT array_remove(CAST(ARRAY[CASE WHEN (p$9.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin') AND p$9.unit_path = ANY (path_line(t$10.unit_path)) AND t$10.unit_path >= p$9.unit_path AND t$10.unit_path < (left(p$9.unit_path, -1) || '0')) THEN 'WITHIN' END, CASE WHEN (p$9.role IN ('property_committee') AND p$9.unit_path = ANY (path_line(t$10.unit_path)) AND t$10.unit_path >= p$9.unit_path AND t$10.unit_path < (left(p$9.unit_path, -1) || '0')) THEN 'SECTOR' END, CASE WHEN (p$9.role IN ('company_secretary') AND (EXISTS (SELECT management_contract_2.company_id 
FROM management_contract AS management_contract_2 
WHERE management_contract_2.compound_id = t$10.id AND management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND p$9.company_id = management_contract_2.company_id))) THEN 'COMPANY' END] AS TEXT[]), NULL) AS array_remove_1 
FROM compound AS t$10 
WHERE t$10.id = $5::UUID) AS by) AS r$11)) FILTER (WHERE p$9."$place" <= $10::INTEGER), '[]'::json) AS "$1_0", count(*) > $10::INTEGER AS "$2_0", max(translate(encode(substr(sha256($11::BYTEA || sha256($11::BYTEA || uuid_send(p$9.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$9.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($11::BYTEA || sha256($11::BYTEA || uuid_send(p$9.id))), 1, 16) || $11::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$9."$place" = least(p$9."$total", $10::INTEGER)) AS "$2_1" 
FROM (SELECT p$8.id AS id, p$8.account_id AS account_id, p$8.role AS role, p$8.unit_path AS unit_path, p$8.company_id AS company_id, p$8.building_id AS building_id, p$8.member_id AS member_id, p$8.oneself AS oneself, p$8.since AS since, p$8.until AS until, p$8.revoked_at AS revoked_at, p$8.granted_by AS granted_by, p$8.reason AS reason, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.account_id AS account_id, t$1.role AS role, t$1.unit_path AS unit_path, t$1.company_id AS company_id, t$1.building_id AS building_id, t$1.member_id AS member_id, t$1.oneself AS oneself, t$1.since AS since, t$1.until AS until, t$1.revoked_at AS revoked_at, t$1.granted_by AS granted_by, t$1.reason AS reason 
FROM seat AS t$1 
WHERE t$1.id = ANY (array((SELECT t$3.id 
FROM compound AS t$2, seat AS t$3 
WHERE t$2.id = $5::UUID AND t$2.unit_path >= $6::VARCHAR COLLATE "C" AND t$2.unit_path < $7::VARCHAR COLLATE "C" AND t$2.unit_path >= $8::VARCHAR COLLATE "C" AND t$2.unit_path < $9::VARCHAR COLLATE "C" AND t$3.role IN ('auditor', 'community_admin', 'county_admin', 'partner', 'town_admin') AND t$3.unit_path = ANY (path_line(t$2.unit_path)) AND t$2.unit_path >= t$3.unit_path AND t$2.unit_path < (left(t$3.unit_path, -1) || '0') AND t$3.revoked_at IS NULL AND t$3.since <= now() AND (t$3.until IS NULL OR t$3.until > now()) AND (EXISTS (SELECT account_7.id 
FROM account AS account_7 
WHERE account_7.id = t$3.account_id AND account_7.closed_at IS NULL)) AND (t$3.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_4.account_id 
FROM program AS program_4 
WHERE program_4.account_id = t$3.account_id AND 'compound' != ALL (program_4.entities)))) UNION ALL SELECT t$5.id 
FROM compound AS t$4, seat AS t$5 
WHERE t$4.id = $5::UUID AND t$4.unit_path >= $6::VARCHAR COLLATE "C" AND t$4.unit_path < $7::VARCHAR COLLATE "C" AND t$4.unit_path >= $8::VARCHAR COLLATE "C" AND t$4.unit_path < $9::VARCHAR COLLATE "C" AND t$5.role IN ('company_secretary') AND (EXISTS (SELECT management_contract_3.company_id 
FROM management_contract AS management_contract_3 
WHERE management_contract_3.compound_id = t$4.id AND management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND t$5.company_id = management_contract_3.company_id)) AND t$5.revoked_at IS NULL AND t$5.since <= now() AND (t$5.until IS NULL OR t$5.until > now()) AND (EXISTS (SELECT account_8.id 
FROM account AS account_8 
WHERE account_8.id = t$5.account_id AND account_8.closed_at IS NULL)) AND (t$5.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_5.account_id 
FROM program AS program_5 
WHERE program_5.account_id = t$5.account_id AND 'compound' != ALL (program_5.entities)))) UNION ALL SELECT t$7.id 
FROM compound AS t$6, seat AS t$7 
WHERE t$6.id = $5::UUID AND t$6.unit_path >= $6::VARCHAR COLLATE "C" AND t$6.unit_path < $7::VARCHAR COLLATE "C" AND t$6.unit_path >= $8::VARCHAR COLLATE "C" AND t$6.unit_path < $9::VARCHAR COLLATE "C" AND t$7.role IN ('property_committee') AND t$7.unit_path = ANY (path_line(t$6.unit_path)) AND t$6.unit_path >= t$7.unit_path AND t$6.unit_path < (left(t$7.unit_path, -1) || '0') AND t$7.revoked_at IS NULL AND t$7.since <= now() AND (t$7.until IS NULL OR t$7.until > now()) AND (EXISTS (SELECT account_9.id 
FROM account AS account_9 
WHERE account_9.id = t$7.account_id AND account_9.closed_at IS NULL)) AND (t$7.oneself IS NOT NULL OR NOT (EXISTS (SELECT program_6.account_id 
FROM program AS program_6 
WHERE program_6.account_id = t$7.account_id AND 'compound' != ALL (program_6.entities))))))) ORDER BY CAST(coalesce((SELECT account_10.name 
FROM account AS account_10 
WHERE account_10.id = t$1.account_id), '') AS TEXT) COLLATE "C", t$1.since, t$1.id 
 LIMIT $10::INTEGER + 1) AS p$8) AS p$9) AS g$12) AS r$21) AS "whoCanSee") AS r$22) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

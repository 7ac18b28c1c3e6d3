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
FROM management_contract AS management_contract_1 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_1.company_id 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $19::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $20::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT branch_coverage_1.organization_id 
FROM branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $19::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $20::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.member_id 
FROM post AS post_1, management_contract AS management_contract_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND management_contract_2.company_id = post_1.body_id AND management_contract_2.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $30::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $31::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.member_id 
FROM management_contract AS management_contract_3 JOIN property_company AS property_company_2 ON property_company_2.id = management_contract_3.company_id, post AS post_2 
WHERE management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND property_company_2.organization_id = post_2.body_id AND property_company_2.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_3.unit_path >= $30::VARCHAR COLLATE "C" AND management_contract_3.unit_path < $31::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.member_id 
FROM post AS post_3, branch_coverage AS branch_coverage_2 
WHERE branch_coverage_2.since <= CURRENT_DATE AND (branch_coverage_2.until IS NULL OR branch_coverage_2.until >= CURRENT_DATE) AND branch_coverage_2.organization_id = post_3.body_id AND branch_coverage_2.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_2.unit_path >= $30::VARCHAR COLLATE "C" AND branch_coverage_2.unit_path < $31::VARCHAR COLLATE "C")) AS ids), 
anon_6 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT management_contract_4.company_id 
FROM management_contract AS management_contract_4 
WHERE management_contract_4.since <= CURRENT_DATE AND (management_contract_4.until IS NULL OR management_contract_4.until >= CURRENT_DATE) AND management_contract_4.unit_path >= $43::VARCHAR COLLATE "C" AND management_contract_4.unit_path < $44::VARCHAR COLLATE "C")) AS ids), 
anon_7 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_1.compound_id 
FROM compound_sharing AS compound_sharing_1 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $54::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $55::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$46) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$31) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM (SELECT t$23.id AS id, CASE WHEN (t$23.folded = $5::VARCHAR COLLATE "C") THEN 0 WHEN (t$23.folded LIKE $6::VARCHAR COLLATE "C") THEN 1 WHEN (t$23.pinyin LIKE $6::VARCHAR COLLATE "C" OR t$23.pinyin LIKE $7::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$23.code) AS weight, 0 AS kind, CAST(t$23.path AS TEXT) AS key 
FROM org_unit AS t$23 
WHERE t$23.path >= $8::VARCHAR COLLATE "C" AND t$23.path < $9::VARCHAR COLLATE "C" AND ((t$23.grams @> $10::TEXT[] COLLATE "C") AND (t$23.folded LIKE $11::VARCHAR COLLATE "C" OR t$23.pinyin LIKE $12::VARCHAR COLLATE "C") OR t$23.pinyin LIKE $13::VARCHAR COLLATE "C") UNION ALL SELECT t$24.id AS id, CASE WHEN (t$24.folded = $14::VARCHAR COLLATE "C") THEN 0 WHEN (t$24.folded LIKE $15::VARCHAR COLLATE "C") THEN 1 WHEN (t$24.pinyin LIKE $15::VARCHAR COLLATE "C" OR t$24.pinyin LIKE $16::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$24.unit_path) AS weight, 1 AS kind, CAST(t$24.id AS TEXT) AS key 
FROM party_organization AS t$24 
WHERE (t$24.unit_path >= $17::VARCHAR COLLATE "C" AND t$24.unit_path < $18::VARCHAR COLLATE "C" OR t$24.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$24.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND ((t$24.grams @> $21::TEXT[] COLLATE "C") AND (t$24.folded LIKE $22::VARCHAR COLLATE "C" OR t$24.pinyin LIKE $23::VARCHAR COLLATE "C") OR t$24.pinyin LIKE $24::VARCHAR COLLATE "C") UNION ALL SELECT t$25.id AS id, CASE WHEN (t$25.folded = $25::VARCHAR COLLATE "C") THEN 0 WHEN (t$25.folded LIKE $26::VARCHAR COLLATE "C") THEN 1 WHEN (t$25.pinyin LIKE $26::VARCHAR COLLATE "C" OR t$25.pinyin LIKE $27::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$25.unit_path) AS weight, 2 AS kind, CAST(t$25.id AS TEXT) AS key 
FROM member AS t$25 
WHERE (t$25.unit_path >= $28::VARCHAR COLLATE "C" AND t$25.unit_path < $29::VARCHAR COLLATE "C" OR t$25.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$25.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$25.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[]))) AND ((t$25.grams @> $32::TEXT[] COLLATE "C") AND (t$25.folded LIKE $33::VARCHAR COLLATE "C" OR t$25.pinyin LIKE $34::VARCHAR COLLATE "C") OR t$25.pinyin LIKE $35::VARCHAR COLLATE "C") AND (coalesce(t$25.restricted_on IS NULL, false) OR CASE WHEN (t$25.restricted_on IS NULL) THEN t$25.unit_path END >= $36::VARCHAR COLLATE "C" AND CASE WHEN (t$25.restricted_on IS NULL) THEN t$25.unit_path END < $37::VARCHAR COLLATE "C") UNION ALL SELECT t$26.id AS id, CASE WHEN (t$26.folded = $38::VARCHAR COLLATE "C") THEN 0 WHEN (t$26.folded LIKE $39::VARCHAR COLLATE "C") THEN 1 WHEN (t$26.pinyin LIKE $39::VARCHAR COLLATE "C" OR t$26.pinyin LIKE $40::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$26.unit_path) AS weight, 3 AS kind, CAST(t$26.id AS TEXT) AS key 
FROM property_company AS t$26 
WHERE (t$26.unit_path >= $41::VARCHAR COLLATE "C" AND t$26.unit_path < $42::VARCHAR COLLATE "C" OR t$26.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND ((t$26.grams @> $45::TEXT[] COLLATE "C") AND (t$26.folded LIKE $46::VARCHAR COLLATE "C" OR t$26.pinyin LIKE $47::VARCHAR COLLATE "C") OR t$26.pinyin LIKE $48::VARCHAR COLLATE "C") UNION ALL SELECT t$27.id AS id, CASE WHEN (t$27.folded = $49::VARCHAR COLLATE "C") THEN 0 WHEN (t$27.folded LIKE $50::VARCHAR COLLATE "C") THEN 1 WHEN (t$27.pinyin LIKE $50::VARCHAR COLLATE "C" OR t$27.pinyin LIKE $51::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$27.unit_path) AS weight, 4 AS kind, CAST(t$27.id AS TEXT) AS key 
FROM compound AS t$27 
WHERE (t$27.unit_path >= $52::VARCHAR COLLATE "C" AND t$27.unit_path < $53::VARCHAR COLLATE "C" OR t$27.id = ANY (CAST((SELECT anon_7.ids 
FROM anon_7) AS UUID[]))) AND ((t$27.grams @> $56::TEXT[] COLLATE "C") AND (t$27.folded LIKE $57::VARCHAR COLLATE "C" OR t$27.pinyin LIKE $58::VARCHAR COLLATE "C") OR t$27.pinyin LIKE $59::VARCHAR COLLATE "C") UNION ALL SELECT t$28.id AS id, CASE WHEN (t$28.folded = $60::VARCHAR COLLATE "C") THEN 0 WHEN (t$28.folded LIKE $61::VARCHAR COLLATE "C") THEN 1 WHEN (t$28.pinyin LIKE $61::VARCHAR COLLATE "C" OR t$28.pinyin LIKE $62::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$28.unit_path) AS weight, 5 AS kind, CAST(t$28.id AS TEXT) AS key 
FROM service_item AS t$28 
WHERE (t$28.unit_path >= $63::VARCHAR COLLATE "C" AND t$28.unit_path < $64::VARCHAR COLLATE "C" OR t$28.unit_path = ANY ($65::TEXT[] COLLATE "C")) AND ((t$28.grams @> $66::TEXT[] COLLATE "C") AND (t$28.folded LIKE $67::VARCHAR COLLATE "C" OR t$28.pinyin LIKE $68::VARCHAR COLLATE "C") OR t$28.pinyin LIKE $69::VARCHAR COLLATE "C")) AS u$29) AS "totalCount", g$22."$1_0" AS nodes, (SELECT row_to_json(r$30) AS row_to_json_3 
FROM (SELECT g$22."$2_0" AS "hasNextPage", g$22."$2_1" AS "endCursor") AS r$30) AS "pageInfo" 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$9.kind = 0) THEN (SELECT row_to_json(r$11) AS row_to_json_4 
FROM (SELECT 'OrgUnit' AS __typename, 'ou_' || CAST(t$10.id AS TEXT) AS id, t$10.name AS name, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t$10.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t$10.path)) AS place 
FROM org_unit AS t$10 
WHERE t$10.id = p$9.id) AS r$11) WHEN (p$9.kind = 1) THEN (SELECT row_to_json(r$13) AS row_to_json_5 
FROM (SELECT 'PartyOrganization' AS __typename, 'po_' || CAST(t$12.id AS TEXT) AS id, t$12.name AS title, t$12.tier AS tier 
FROM party_organization AS t$12 
WHERE t$12.id = p$9.id) AS r$13) WHEN (p$9.kind = 2) THEN (SELECT row_to_json(r$15) AS row_to_json_6 
FROM (SELECT 'Member' AS __typename, 'mb_' || CAST(t$14.id AS TEXT) AS id 
FROM member AS t$14 
WHERE t$14.id = p$9.id) AS r$15) WHEN (p$9.kind = 3) THEN (SELECT row_to_json(r$17) AS row_to_json_7 
FROM (SELECT 'PropertyCompany' AS __typename, 'co_' || CAST(t$16.id AS TEXT) AS id 
FROM property_company AS t$16 
WHERE t$16.id = p$9.id) AS r$17) WHEN (p$9.kind = 4) THEN (SELECT row_to_json(r$19) AS row_to_json_8 
FROM (SELECT 'Compound' AS __typename, 'cp_' || CAST(t$18.id AS TEXT) AS id 
FROM compound AS t$18 
WHERE t$18.id = p$9.id) AS r$19) WHEN (p$9.kind = 5) THEN (SELECT row_to_json(r$21) AS row_to_json_9 
FROM (SELECT 'ServiceItem' AS __typename, 'si_' || CAST(t$20.id AS TEXT) AS id 
FROM service_item AS t$20 
WHERE t$20.id = p$9.id) AS r$21) END) FILTER (WHERE p$9."$place" <= $70::INTEGER), '[]'::json) AS "$1_0", count(*) > $70::INTEGER AS "$2_0", max(translate(encode(substr(sha256($71::BYTEA || sha256($71::BYTEA || (int4send(p$9.kind) || uuid_send(p$9.id)))), 1, 16) || substr(bit_send(CAST('x' || encode(int4send(p$9.kind) || uuid_send(p$9.id), 'hex') AS BIT(160)) # CAST('x' || encode(substr(sha256(substr(sha256($71::BYTEA || sha256($71::BYTEA || (int4send(p$9.kind) || uuid_send(p$9.id)))), 1, 16) || $71::BYTEA), 1, 20), 'hex') AS BIT(160))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$9."$place" = least(p$9."$total", $70::INTEGER)) AS "$2_1" 
FROM (SELECT p$8.id AS id, p$8.rank AS rank, p$8.weight AS weight, p$8.kind AS kind, p$8.key AS key, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT u$7.id AS id, u$7.rank AS rank, u$7.weight AS weight, u$7.kind AS kind, u$7.key AS key 
FROM (SELECT t$1.id AS id, CASE WHEN (t$1.folded = $5::VARCHAR COLLATE "C") THEN 0 WHEN (t$1.folded LIKE $6::VARCHAR COLLATE "C") THEN 1 WHEN (t$1.pinyin LIKE $6::VARCHAR COLLATE "C" OR t$1.pinyin LIKE $7::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$1.code) AS weight, 0 AS kind, CAST(t$1.path AS TEXT) AS key 
FROM org_unit AS t$1 
WHERE t$1.path >= $8::VARCHAR COLLATE "C" AND t$1.path < $9::VARCHAR COLLATE "C" AND ((t$1.grams @> $10::TEXT[] COLLATE "C") AND (t$1.folded LIKE $11::VARCHAR COLLATE "C" OR t$1.pinyin LIKE $12::VARCHAR COLLATE "C") OR t$1.pinyin LIKE $13::VARCHAR COLLATE "C") UNION ALL SELECT t$2.id AS id, CASE WHEN (t$2.folded = $14::VARCHAR COLLATE "C") THEN 0 WHEN (t$2.folded LIKE $15::VARCHAR COLLATE "C") THEN 1 WHEN (t$2.pinyin LIKE $15::VARCHAR COLLATE "C" OR t$2.pinyin LIKE $16::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$2.unit_path) AS weight, 1 AS kind, CAST(t$2.id AS TEXT) AS key 
FROM party_organization AS t$2 
WHERE (t$2.unit_path >= $17::VARCHAR COLLATE "C" AND t$2.unit_path < $18::VARCHAR COLLATE "C" OR t$2.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$2.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND ((t$2.grams @> $21::TEXT[] COLLATE "C") AND (t$2.folded LIKE $22::VARCHAR COLLATE "C" OR t$2.pinyin LIKE $23::VARCHAR COLLATE "C") OR t$2.pinyin LIKE $24::VARCHAR COLLATE "C") UNION ALL SELECT t$3.id AS id, CASE WHEN (t$3.folded = $25::VARCHAR COLLATE "C") THEN 0 WHEN (t$3.folded LIKE $26::VARCHAR COLLATE "C") THEN 1 WHEN (t$3.pinyin LIKE $26::VARCHAR COLLATE "C" OR t$3.pinyin LIKE $27::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$3.unit_path) AS weight, 2 AS kind, CAST(t$3.id AS TEXT) AS key 
FROM member AS t$3 
WHERE (t$3.unit_path >= $28::VARCHAR COLLATE "C" AND t$3.unit_path < $29::VARCHAR COLLATE "C" OR t$3.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$3.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$3.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[]))) AND ((t$3.grams @> $32::TEXT[] COLLATE "C") AND (t$3.folded LIKE $33::VARCHAR COLLATE "C" OR t$3.pinyin LIKE $34::VARCHAR COLLATE "C") OR t$3.pinyin LIKE $35::VARCHAR COLLATE "C") AND (coalesce(t$3.restricted_on IS NULL, false) OR CASE WHEN (t$3.restricted_on IS NULL) THEN t$3.unit_path END >= $36::VARCHAR COLLATE "C" AND CASE WHEN (t$3.restricted_on IS NULL) THEN t$3.unit_path END < $37::VARCHAR COLLATE "C") UNION ALL SELECT t$4.id AS id, CASE WHEN (t$4.folded = $38::VARCHAR COLLATE "C") THEN 0 WHEN (t$4.folded LIKE $39::VARCHAR COLLATE "C") THEN 1 WHEN (t$4.pinyin LIKE $39::VARCHAR COLLATE "C" OR t$4.pinyin LIKE $40::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$4.unit_path) AS weight, 3 AS kind, CAST(t$4.id AS TEXT) AS key 
FROM property_company AS t$4 
WHERE (t$4.unit_path >= $41::VARCHAR COLLATE "C" AND t$4.unit_path < $42::VARCHAR COLLATE "C" OR t$4.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND ((t$4.grams @> $45::TEXT[] COLLATE "C") AND (t$4.folded LIKE $46::VARCHAR COLLATE "C" OR t$4.pinyin LIKE $47::VARCHAR COLLATE "C") OR t$4.pinyin LIKE $48::VARCHAR COLLATE "C") UNION ALL SELECT t$5.id AS id, CASE WHEN (t$5.folded = $49::VARCHAR COLLATE "C") THEN 0 WHEN (t$5.folded LIKE $50::VARCHAR COLLATE "C") THEN 1 WHEN (t$5.pinyin LIKE $50::VARCHAR COLLATE "C" OR t$5.pinyin LIKE $51::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$5.unit_path) AS weight, 4 AS kind, CAST(t$5.id AS TEXT) AS key 
FROM compound AS t$5 
WHERE (t$5.unit_path >= $52::VARCHAR COLLATE "C" AND t$5.unit_path < $53::VARCHAR COLLATE "C" OR t$5.id = ANY (CAST((SELECT anon_7.ids 
FROM anon_7) AS UUID[]))) AND ((t$5.grams @> $56::TEXT[] COLLATE "C") AND (t$5.folded LIKE $57::VARCHAR COLLATE "C" OR t$5.pinyin LIKE $58::VARCHAR COLLATE "C") OR t$5.pinyin LIKE $59::VARCHAR COLLATE "C") UNION ALL SELECT t$6.id AS id, CASE WHEN (t$6.folded = $60::VARCHAR COLLATE "C") THEN 0 WHEN (t$6.folded LIKE $61::VARCHAR COLLATE "C") THEN 1 WHEN (t$6.pinyin LIKE $61::VARCHAR COLLATE "C" OR t$6.pinyin LIKE $62::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$6.unit_path) AS weight, 5 AS kind, CAST(t$6.id AS TEXT) AS key 
FROM service_item AS t$6 
WHERE (t$6.unit_path >= $63::VARCHAR COLLATE "C" AND t$6.unit_path < $64::VARCHAR COLLATE "C" OR t$6.unit_path = ANY ($65::TEXT[] COLLATE "C")) AND ((t$6.grams @> $66::TEXT[] COLLATE "C") AND (t$6.folded LIKE $67::VARCHAR COLLATE "C" OR t$6.pinyin LIKE $68::VARCHAR COLLATE "C") OR t$6.pinyin LIKE $69::VARCHAR COLLATE "C")) AS u$7 ORDER BY u$7.rank, u$7.weight, u$7.kind, u$7.key 
 LIMIT $70::INTEGER + 1) AS p$8) AS p$9) AS g$22) AS r$31) AS search, (SELECT row_to_json(r$38) AS row_to_json_10 
FROM (SELECT g$37."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$34.kind = 0) THEN (SELECT row_to_json(r$36) AS row_to_json_11 
FROM (SELECT t$35.name AS name 
FROM org_unit AS t$35 
WHERE t$35.id = p$34.id) AS r$36) END), '[]'::json) AS "$0_0" 
FROM (SELECT u$33.id AS id, u$33.rank AS rank, u$33.weight AS weight, u$33.kind AS kind, u$33.key AS key 
FROM (SELECT t$32.id AS id, CASE WHEN (t$32.folded = $72::VARCHAR COLLATE "C") THEN 0 WHEN (t$32.folded LIKE $73::VARCHAR COLLATE "C") THEN 1 WHEN (t$32.pinyin LIKE $73::VARCHAR COLLATE "C" OR t$32.pinyin LIKE $74::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$32.code) AS weight, 0 AS kind, CAST(t$32.path AS TEXT) AS key 
FROM org_unit AS t$32 
WHERE t$32.path >= $8::VARCHAR COLLATE "C" AND t$32.path < $9::VARCHAR COLLATE "C" AND ((t$32.grams @> $75::TEXT[] COLLATE "C") AND (t$32.folded LIKE $76::VARCHAR COLLATE "C" OR t$32.pinyin LIKE $77::VARCHAR COLLATE "C") OR t$32.pinyin LIKE $78::VARCHAR COLLATE "C")) AS u$33 ORDER BY u$33.rank, u$33.weight, u$33.kind, u$33.key 
 LIMIT $79::INTEGER) AS p$34) AS g$37) AS r$38) AS initials, (SELECT row_to_json(r$45) AS row_to_json_12 
FROM (SELECT g$44."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$41.kind = 0) THEN (SELECT row_to_json(r$43) AS row_to_json_13 
FROM (SELECT t$42.name AS name 
FROM org_unit AS t$42 
WHERE t$42.id = p$41.id) AS r$43) END), '[]'::json) AS "$0_0" 
FROM (SELECT u$40.id AS id, u$40.rank AS rank, u$40.weight AS weight, u$40.kind AS kind, u$40.key AS key 
FROM (SELECT t$39.id AS id, CASE WHEN (t$39.folded = $80::VARCHAR COLLATE "C") THEN 0 WHEN (t$39.folded LIKE $81::VARCHAR COLLATE "C") THEN 1 WHEN (t$39.pinyin LIKE $81::VARCHAR COLLATE "C" OR t$39.pinyin LIKE $82::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$39.code) AS weight, 0 AS kind, CAST(t$39.path AS TEXT) AS key 
FROM org_unit AS t$39 
WHERE t$39.path >= $8::VARCHAR COLLATE "C" AND t$39.path < $9::VARCHAR COLLATE "C" AND ((t$39.grams @> $83::TEXT[] COLLATE "C") AND (t$39.folded LIKE $84::VARCHAR COLLATE "C" OR t$39.pinyin LIKE $85::VARCHAR COLLATE "C") OR t$39.pinyin LIKE $86::VARCHAR COLLATE "C")) AS u$40 ORDER BY u$40.rank, u$40.weight, u$40.kind, u$40.key 
 LIMIT $87::INTEGER) AS p$41) AS g$44) AS r$45) AS pinyin) AS r$46) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

WITH anon_1 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT property_company_1.organization_id 
FROM management_contract AS management_contract_1 JOIN property_company AS property_company_1 ON property_company_1.id = management_contract_1.company_id 
WHERE management_contract_1.since <= CURRENT_DATE AND (management_contract_1.until IS NULL OR management_contract_1.until >= CURRENT_DATE) AND management_contract_1.unit_path >= $12::VARCHAR COLLATE "C" AND management_contract_1.unit_path < $13::VARCHAR COLLATE "C")) AS ids), 
anon_2 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT branch_coverage_1.organization_id 
FROM branch_coverage AS branch_coverage_1 
WHERE branch_coverage_1.since <= CURRENT_DATE AND (branch_coverage_1.until IS NULL OR branch_coverage_1.until >= CURRENT_DATE) AND branch_coverage_1.unit_path >= $12::VARCHAR COLLATE "C" AND branch_coverage_1.unit_path < $13::VARCHAR COLLATE "C")) AS ids), 
anon_3 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_1.member_id 
FROM post AS post_1, management_contract AS management_contract_2 
WHERE management_contract_2.since <= CURRENT_DATE AND (management_contract_2.until IS NULL OR management_contract_2.until >= CURRENT_DATE) AND management_contract_2.company_id = post_1.body_id AND management_contract_2.company_id = post_1.company_id AND post_1.since <= CURRENT_DATE AND (post_1.until IS NULL OR post_1.until >= CURRENT_DATE) AND management_contract_2.unit_path >= $19::VARCHAR COLLATE "C" AND management_contract_2.unit_path < $20::VARCHAR COLLATE "C")) AS ids), 
anon_4 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_2.member_id 
FROM management_contract AS management_contract_3 JOIN property_company AS property_company_2 ON property_company_2.id = management_contract_3.company_id, post AS post_2 
WHERE management_contract_3.since <= CURRENT_DATE AND (management_contract_3.until IS NULL OR management_contract_3.until >= CURRENT_DATE) AND property_company_2.organization_id = post_2.body_id AND property_company_2.organization_id = post_2.organization_id AND post_2.since <= CURRENT_DATE AND (post_2.until IS NULL OR post_2.until >= CURRENT_DATE) AND management_contract_3.unit_path >= $19::VARCHAR COLLATE "C" AND management_contract_3.unit_path < $20::VARCHAR COLLATE "C")) AS ids), 
anon_5 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT post_3.member_id 
FROM post AS post_3, branch_coverage AS branch_coverage_2 
WHERE branch_coverage_2.since <= CURRENT_DATE AND (branch_coverage_2.until IS NULL OR branch_coverage_2.until >= CURRENT_DATE) AND branch_coverage_2.organization_id = post_3.body_id AND branch_coverage_2.organization_id = post_3.organization_id AND post_3.since <= CURRENT_DATE AND (post_3.until IS NULL OR post_3.until >= CURRENT_DATE) AND branch_coverage_2.unit_path >= $19::VARCHAR COLLATE "C" AND branch_coverage_2.unit_path < $20::VARCHAR COLLATE "C")) AS ids), 
anon_6 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT management_contract_4.company_id 
FROM management_contract AS management_contract_4 
WHERE management_contract_4.since <= CURRENT_DATE AND (management_contract_4.until IS NULL OR management_contract_4.until >= CURRENT_DATE) AND management_contract_4.unit_path >= $26::VARCHAR COLLATE "C" AND management_contract_4.unit_path < $27::VARCHAR COLLATE "C")) AS ids), 
anon_7 AS MATERIALIZED 
(SELECT array((SELECT DISTINCT compound_sharing_1.compound_id 
FROM compound_sharing AS compound_sharing_1 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $33::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $34::VARCHAR COLLATE "C")) AS ids), 
a$8 AS MATERIALIZED 
(SELECT u$7.rank AS k0, u$7.weight AS k1, u$7.kind AS k2, u$7.key AS k3 
FROM (SELECT t$1.id AS id, CASE WHEN (t$1.folded = $2::VARCHAR COLLATE "C") THEN 0 WHEN (t$1.folded LIKE $3::VARCHAR COLLATE "C") THEN 1 WHEN (t$1.pinyin LIKE $3::VARCHAR COLLATE "C" OR t$1.pinyin LIKE $4::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$1.code) AS weight, 0 AS kind, CAST(t$1.path AS TEXT) AS key 
FROM org_unit AS t$1 
WHERE t$1.path >= $5::VARCHAR COLLATE "C" AND t$1.path < $6::VARCHAR COLLATE "C" UNION ALL SELECT t$2.id AS id, CASE WHEN (t$2.folded = $7::VARCHAR COLLATE "C") THEN 0 WHEN (t$2.folded LIKE $8::VARCHAR COLLATE "C") THEN 1 WHEN (t$2.pinyin LIKE $8::VARCHAR COLLATE "C" OR t$2.pinyin LIKE $9::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$2.unit_path) AS weight, 1 AS kind, CAST(t$2.id AS TEXT) AS key 
FROM party_organization AS t$2 
WHERE t$2.unit_path >= $10::VARCHAR COLLATE "C" AND t$2.unit_path < $11::VARCHAR COLLATE "C" OR t$2.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$2.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[])) UNION ALL SELECT t$3.id AS id, CASE WHEN (t$3.folded = $14::VARCHAR COLLATE "C") THEN 0 WHEN (t$3.folded LIKE $15::VARCHAR COLLATE "C") THEN 1 WHEN (t$3.pinyin LIKE $15::VARCHAR COLLATE "C" OR t$3.pinyin LIKE $16::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$3.unit_path) AS weight, 2 AS kind, CAST(t$3.id AS TEXT) AS key 
FROM member AS t$3 
WHERE t$3.unit_path >= $17::VARCHAR COLLATE "C" AND t$3.unit_path < $18::VARCHAR COLLATE "C" OR t$3.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$3.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$3.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[])) UNION ALL SELECT t$4.id AS id, CASE WHEN (t$4.folded = $21::VARCHAR COLLATE "C") THEN 0 WHEN (t$4.folded LIKE $22::VARCHAR COLLATE "C") THEN 1 WHEN (t$4.pinyin LIKE $22::VARCHAR COLLATE "C" OR t$4.pinyin LIKE $23::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$4.unit_path) AS weight, 3 AS kind, CAST(t$4.id AS TEXT) AS key 
FROM property_company AS t$4 
WHERE t$4.unit_path >= $24::VARCHAR COLLATE "C" AND t$4.unit_path < $25::VARCHAR COLLATE "C" OR t$4.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[])) UNION ALL SELECT t$5.id AS id, CASE WHEN (t$5.folded = $28::VARCHAR COLLATE "C") THEN 0 WHEN (t$5.folded LIKE $29::VARCHAR COLLATE "C") THEN 1 WHEN (t$5.pinyin LIKE $29::VARCHAR COLLATE "C" OR t$5.pinyin LIKE $30::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$5.unit_path) AS weight, 4 AS kind, CAST(t$5.id AS TEXT) AS key 
FROM compound AS t$5 
WHERE t$5.unit_path >= $31::VARCHAR COLLATE "C" AND t$5.unit_path < $32::VARCHAR COLLATE "C" OR t$5.id = ANY (CAST((SELECT anon_7.ids 
FROM anon_7) AS UUID[])) UNION ALL SELECT t$6.id AS id, CASE WHEN (t$6.folded = $35::VARCHAR COLLATE "C") THEN 0 WHEN (t$6.folded LIKE $36::VARCHAR COLLATE "C") THEN 1 WHEN (t$6.pinyin LIKE $36::VARCHAR COLLATE "C" OR t$6.pinyin LIKE $37::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$6.unit_path) AS weight, 5 AS kind, CAST(t$6.id AS TEXT) AS key 
FROM service_item AS t$6 
WHERE t$6.unit_path >= $38::VARCHAR COLLATE "C" AND t$6.unit_path < $39::VARCHAR COLLATE "C" OR t$6.unit_path = ANY ($40::TEXT[] COLLATE "C")) AS u$7 
WHERE u$7.kind = $41::INTEGER AND u$7.id = $42::UUID), 
standing AS MATERIALIZED 
(SELECT now() < $43::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $44::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND (account.kind != 'PROGRAM' OR (EXISTS (SELECT 1 
FROM role_grant AS its_grant 
WHERE account.id = its_grant.account_id AND its_grant.revoked_at IS NULL AND (its_grant.until IS NULL OR its_grant.until > now())))) AND (coalesce(credential.confirmed_by, credential.issued_by) IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND voucher.id = coalesce(credential.confirmed_by, credential.issued_by) AND voucher_grant.account_id = voucher.id AND (voucher_grant.role = 'administrator' OR voucher_grant.role = 'community_admin' OR voucher_grant.role = 'county_admin' OR voucher_grant.role = 'town_admin') AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(coalesce(credential.confirmed_at, credential.created_at), now()), now(), '[]'), false)) AND (credential.approved_by IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND credential.approved_by = voucher.id AND voucher_grant.account_id = voucher.id AND voucher_grant.role = 'county_admin' AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(credential.approved_at, now()), now(), '[]'), false)) AND account.revision = $45::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$41) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$40) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM (SELECT t$32.id AS id, CASE WHEN (t$32.folded = $2::VARCHAR COLLATE "C") THEN 0 WHEN (t$32.folded LIKE $3::VARCHAR COLLATE "C") THEN 1 WHEN (t$32.pinyin LIKE $3::VARCHAR COLLATE "C" OR t$32.pinyin LIKE $4::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$32.code) AS weight, 0 AS kind, CAST(t$32.path AS TEXT) AS key 
FROM org_unit AS t$32 
WHERE t$32.path >= $5::VARCHAR COLLATE "C" AND t$32.path < $6::VARCHAR COLLATE "C" AND ((t$32.grams @> $46::TEXT[] COLLATE "C") AND (t$32.folded LIKE $47::VARCHAR COLLATE "C" OR t$32.pinyin LIKE $48::VARCHAR COLLATE "C") OR t$32.pinyin LIKE $49::VARCHAR COLLATE "C") UNION ALL SELECT t$33.id AS id, CASE WHEN (t$33.folded = $7::VARCHAR COLLATE "C") THEN 0 WHEN (t$33.folded LIKE $8::VARCHAR COLLATE "C") THEN 1 WHEN (t$33.pinyin LIKE $8::VARCHAR COLLATE "C" OR t$33.pinyin LIKE $9::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$33.unit_path) AS weight, 1 AS kind, CAST(t$33.id AS TEXT) AS key 
FROM party_organization AS t$33 
WHERE (t$33.unit_path >= $10::VARCHAR COLLATE "C" AND t$33.unit_path < $11::VARCHAR COLLATE "C" OR t$33.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$33.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND ((t$33.grams @> $50::TEXT[] COLLATE "C") AND (t$33.folded LIKE $51::VARCHAR COLLATE "C" OR t$33.pinyin LIKE $52::VARCHAR COLLATE "C") OR t$33.pinyin LIKE $53::VARCHAR COLLATE "C") UNION ALL SELECT t$34.id AS id, CASE WHEN (t$34.folded = $14::VARCHAR COLLATE "C") THEN 0 WHEN (t$34.folded LIKE $15::VARCHAR COLLATE "C") THEN 1 WHEN (t$34.pinyin LIKE $15::VARCHAR COLLATE "C" OR t$34.pinyin LIKE $16::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$34.unit_path) AS weight, 2 AS kind, CAST(t$34.id AS TEXT) AS key 
FROM member AS t$34 
WHERE (t$34.unit_path >= $17::VARCHAR COLLATE "C" AND t$34.unit_path < $18::VARCHAR COLLATE "C" OR t$34.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$34.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$34.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[]))) AND ((t$34.grams @> $54::TEXT[] COLLATE "C") AND (t$34.folded LIKE $55::VARCHAR COLLATE "C" OR t$34.pinyin LIKE $56::VARCHAR COLLATE "C") OR t$34.pinyin LIKE $57::VARCHAR COLLATE "C") AND (coalesce(t$34.restricted_on IS NULL, false) OR CASE WHEN (t$34.restricted_on IS NULL) THEN t$34.unit_path END >= $58::VARCHAR COLLATE "C" AND CASE WHEN (t$34.restricted_on IS NULL) THEN t$34.unit_path END < $59::VARCHAR COLLATE "C") UNION ALL SELECT t$35.id AS id, CASE WHEN (t$35.folded = $21::VARCHAR COLLATE "C") THEN 0 WHEN (t$35.folded LIKE $22::VARCHAR COLLATE "C") THEN 1 WHEN (t$35.pinyin LIKE $22::VARCHAR COLLATE "C" OR t$35.pinyin LIKE $23::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$35.unit_path) AS weight, 3 AS kind, CAST(t$35.id AS TEXT) AS key 
FROM property_company AS t$35 
WHERE (t$35.unit_path >= $24::VARCHAR COLLATE "C" AND t$35.unit_path < $25::VARCHAR COLLATE "C" OR t$35.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND ((t$35.grams @> $60::TEXT[] COLLATE "C") AND (t$35.folded LIKE $61::VARCHAR COLLATE "C" OR t$35.pinyin LIKE $62::VARCHAR COLLATE "C") OR t$35.pinyin LIKE $63::VARCHAR COLLATE "C") UNION ALL SELECT t$36.id AS id, CASE WHEN (t$36.folded = $28::VARCHAR COLLATE "C") THEN 0 WHEN (t$36.folded LIKE $29::VARCHAR COLLATE "C") THEN 1 WHEN (t$36.pinyin LIKE $29::VARCHAR COLLATE "C" OR t$36.pinyin LIKE $30::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$36.unit_path) AS weight, 4 AS kind, CAST(t$36.id AS TEXT) AS key 
FROM compound AS t$36 
WHERE (t$36.unit_path >= $31::VARCHAR COLLATE "C" AND t$36.unit_path < $32::VARCHAR COLLATE "C" OR t$36.id = ANY (CAST((SELECT anon_7.ids 
FROM anon_7) AS UUID[]))) AND ((t$36.grams @> $64::TEXT[] COLLATE "C") AND (t$36.folded LIKE $65::VARCHAR COLLATE "C" OR t$36.pinyin LIKE $66::VARCHAR COLLATE "C") OR t$36.pinyin LIKE $67::VARCHAR COLLATE "C") UNION ALL SELECT t$37.id AS id, CASE WHEN (t$37.folded = $35::VARCHAR COLLATE "C") THEN 0 WHEN (t$37.folded LIKE $36::VARCHAR COLLATE "C") THEN 1 WHEN (t$37.pinyin LIKE $36::VARCHAR COLLATE "C" OR t$37.pinyin LIKE $37::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$37.unit_path) AS weight, 5 AS kind, CAST(t$37.id AS TEXT) AS key 
FROM service_item AS t$37 
WHERE (t$37.unit_path >= $38::VARCHAR COLLATE "C" AND t$37.unit_path < $39::VARCHAR COLLATE "C" OR t$37.unit_path = ANY ($40::TEXT[] COLLATE "C")) AND ((t$37.grams @> $68::TEXT[] COLLATE "C") AND (t$37.folded LIKE $69::VARCHAR COLLATE "C" OR t$37.pinyin LIKE $70::VARCHAR COLLATE "C") OR t$37.pinyin LIKE $71::VARCHAR COLLATE "C")) AS u$38) AS "totalCount", g$31."$1_0" AS edges, (SELECT row_to_json(r$39) AS row_to_json_3 
FROM (SELECT g$31."$2_0" AS "hasNextPage", true AS "hasPreviousPage") AS r$39) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$30) AS row_to_json_4 
FROM (SELECT translate(encode(substr(sha256($72::BYTEA || sha256($72::BYTEA || (int4send(p$17.kind) || uuid_send(p$17.id)))), 1, 16) || substr(bit_send(CAST('x' || encode(int4send(p$17.kind) || uuid_send(p$17.id), 'hex') AS BIT(160)) # CAST('x' || encode(substr(sha256(substr(sha256($72::BYTEA || sha256($72::BYTEA || (int4send(p$17.kind) || uuid_send(p$17.id)))), 1, 16) || $72::BYTEA), 1, 20), 'hex') AS BIT(160))), 5), 'base64'), E'+/\n=', '-_') AS cursor, CASE WHEN (p$17.kind = 0) THEN (SELECT row_to_json(r$19) AS row_to_json_5 
FROM (SELECT 
FROM org_unit AS t$18 
WHERE t$18.id = p$17.id) AS r$19) WHEN (p$17.kind = 1) THEN (SELECT row_to_json(r$21) AS row_to_json_6 
FROM (SELECT t$20.name AS name 
FROM party_organization AS t$20 
WHERE t$20.id = p$17.id) AS r$21) WHEN (p$17.kind = 2) THEN (SELECT row_to_json(r$23) AS row_to_json_7 
FROM (SELECT 
FROM member AS t$22 
WHERE t$22.id = p$17.id) AS r$23) WHEN (p$17.kind = 3) THEN (SELECT row_to_json(r$25) AS row_to_json_8 
FROM (SELECT 
FROM property_company AS t$24 
WHERE t$24.id = p$17.id) AS r$25) WHEN (p$17.kind = 4) THEN (SELECT row_to_json(r$27) AS row_to_json_9 
FROM (SELECT 
FROM compound AS t$26 
WHERE t$26.id = p$17.id) AS r$27) WHEN (p$17.kind = 5) THEN (SELECT row_to_json(r$29) AS row_to_json_10 
FROM (SELECT 
FROM service_item AS t$28 
WHERE t$28.id = p$17.id) AS r$29) END AS node) AS r$30)) FILTER (WHERE p$17."$place" <= $73::INTEGER), '[]'::json) AS "$1_0", count(*) > $73::INTEGER AS "$2_0" 
FROM (SELECT p$16.id AS id, p$16.rank AS rank, p$16.weight AS weight, p$16.kind AS kind, p$16.key AS key, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT u$15.id AS id, u$15.rank AS rank, u$15.weight AS weight, u$15.kind AS kind, u$15.key AS key 
FROM (SELECT t$9.id AS id, CASE WHEN (t$9.folded = $2::VARCHAR COLLATE "C") THEN 0 WHEN (t$9.folded LIKE $3::VARCHAR COLLATE "C") THEN 1 WHEN (t$9.pinyin LIKE $3::VARCHAR COLLATE "C" OR t$9.pinyin LIKE $4::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$9.code) AS weight, 0 AS kind, CAST(t$9.path AS TEXT) AS key 
FROM org_unit AS t$9 
WHERE t$9.path >= $5::VARCHAR COLLATE "C" AND t$9.path < $6::VARCHAR COLLATE "C" AND ((t$9.grams @> $46::TEXT[] COLLATE "C") AND (t$9.folded LIKE $47::VARCHAR COLLATE "C" OR t$9.pinyin LIKE $48::VARCHAR COLLATE "C") OR t$9.pinyin LIKE $49::VARCHAR COLLATE "C") UNION ALL SELECT t$10.id AS id, CASE WHEN (t$10.folded = $7::VARCHAR COLLATE "C") THEN 0 WHEN (t$10.folded LIKE $8::VARCHAR COLLATE "C") THEN 1 WHEN (t$10.pinyin LIKE $8::VARCHAR COLLATE "C" OR t$10.pinyin LIKE $9::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$10.unit_path) AS weight, 1 AS kind, CAST(t$10.id AS TEXT) AS key 
FROM party_organization AS t$10 
WHERE (t$10.unit_path >= $10::VARCHAR COLLATE "C" AND t$10.unit_path < $11::VARCHAR COLLATE "C" OR t$10.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[])) OR t$10.id = ANY (CAST((SELECT anon_2.ids 
FROM anon_2) AS UUID[]))) AND ((t$10.grams @> $50::TEXT[] COLLATE "C") AND (t$10.folded LIKE $51::VARCHAR COLLATE "C" OR t$10.pinyin LIKE $52::VARCHAR COLLATE "C") OR t$10.pinyin LIKE $53::VARCHAR COLLATE "C") UNION ALL SELECT t$11.id AS id, CASE WHEN (t$11.folded = $14::VARCHAR COLLATE "C") THEN 0 WHEN (t$11.folded LIKE $15::VARCHAR COLLATE "C") THEN 1 WHEN (t$11.pinyin LIKE $15::VARCHAR COLLATE "C" OR t$11.pinyin LIKE $16::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$11.unit_path) AS weight, 2 AS kind, CAST(t$11.id AS TEXT) AS key 
FROM member AS t$11 
WHERE (t$11.unit_path >= $17::VARCHAR COLLATE "C" AND t$11.unit_path < $18::VARCHAR COLLATE "C" OR t$11.id = ANY (CAST((SELECT anon_3.ids 
FROM anon_3) AS UUID[])) OR t$11.id = ANY (CAST((SELECT anon_4.ids 
FROM anon_4) AS UUID[])) OR t$11.id = ANY (CAST((SELECT anon_5.ids 
FROM anon_5) AS UUID[]))) AND ((t$11.grams @> $54::TEXT[] COLLATE "C") AND (t$11.folded LIKE $55::VARCHAR COLLATE "C" OR t$11.pinyin LIKE $56::VARCHAR COLLATE "C") OR t$11.pinyin LIKE $57::VARCHAR COLLATE "C") AND (coalesce(t$11.restricted_on IS NULL, false) OR CASE WHEN (t$11.restricted_on IS NULL) THEN t$11.unit_path END >= $58::VARCHAR COLLATE "C" AND CASE WHEN (t$11.restricted_on IS NULL) THEN t$11.unit_path END < $59::VARCHAR COLLATE "C") UNION ALL SELECT t$12.id AS id, CASE WHEN (t$12.folded = $21::VARCHAR COLLATE "C") THEN 0 WHEN (t$12.folded LIKE $22::VARCHAR COLLATE "C") THEN 1 WHEN (t$12.pinyin LIKE $22::VARCHAR COLLATE "C" OR t$12.pinyin LIKE $23::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$12.unit_path) AS weight, 3 AS kind, CAST(t$12.id AS TEXT) AS key 
FROM property_company AS t$12 
WHERE (t$12.unit_path >= $24::VARCHAR COLLATE "C" AND t$12.unit_path < $25::VARCHAR COLLATE "C" OR t$12.id = ANY (CAST((SELECT anon_6.ids 
FROM anon_6) AS UUID[]))) AND ((t$12.grams @> $60::TEXT[] COLLATE "C") AND (t$12.folded LIKE $61::VARCHAR COLLATE "C" OR t$12.pinyin LIKE $62::VARCHAR COLLATE "C") OR t$12.pinyin LIKE $63::VARCHAR COLLATE "C") UNION ALL SELECT t$13.id AS id, CASE WHEN (t$13.folded = $28::VARCHAR COLLATE "C") THEN 0 WHEN (t$13.folded LIKE $29::VARCHAR COLLATE "C") THEN 1 WHEN (t$13.pinyin LIKE $29::VARCHAR COLLATE "C" OR t$13.pinyin LIKE $30::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$13.unit_path) AS weight, 4 AS kind, CAST(t$13.id AS TEXT) AS key 
FROM compound AS t$13 
WHERE (t$13.unit_path >= $31::VARCHAR COLLATE "C" AND t$13.unit_path < $32::VARCHAR COLLATE "C" OR t$13.id = ANY (CAST((SELECT anon_7.ids 
FROM anon_7) AS UUID[]))) AND ((t$13.grams @> $64::TEXT[] COLLATE "C") AND (t$13.folded LIKE $65::VARCHAR COLLATE "C" OR t$13.pinyin LIKE $66::VARCHAR COLLATE "C") OR t$13.pinyin LIKE $67::VARCHAR COLLATE "C") UNION ALL SELECT t$14.id AS id, CASE WHEN (t$14.folded = $35::VARCHAR COLLATE "C") THEN 0 WHEN (t$14.folded LIKE $36::VARCHAR COLLATE "C") THEN 1 WHEN (t$14.pinyin LIKE $36::VARCHAR COLLATE "C" OR t$14.pinyin LIKE $37::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$14.unit_path) AS weight, 5 AS kind, CAST(t$14.id AS TEXT) AS key 
FROM service_item AS t$14 
WHERE (t$14.unit_path >= $38::VARCHAR COLLATE "C" AND t$14.unit_path < $39::VARCHAR COLLATE "C" OR t$14.unit_path = ANY ($40::TEXT[] COLLATE "C")) AND ((t$14.grams @> $68::TEXT[] COLLATE "C") AND (t$14.folded LIKE $69::VARCHAR COLLATE "C" OR t$14.pinyin LIKE $70::VARCHAR COLLATE "C") OR t$14.pinyin LIKE $71::VARCHAR COLLATE "C")) AS u$15 
WHERE (u$15.rank, u$15.weight, u$15.kind, u$15.key) > ((SELECT a$8.k0 
FROM a$8), (SELECT a$8.k1 
FROM a$8), (SELECT a$8.k2 
FROM a$8), (SELECT a$8.k3 
FROM a$8)) ORDER BY u$15.rank, u$15.weight, u$15.kind, u$15.key 
 LIMIT $73::INTEGER + 1) AS p$16) AS p$17) AS g$31) AS r$40) AS search) AS r$41) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh AND (EXISTS (SELECT a$8.k0, a$8.k1, a$8.k2, a$8.k3 
FROM a$8)))
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body, CASE WHEN (NOT (EXISTS (SELECT a$8.k0, a$8.k1, a$8.k2, a$8.k3 
FROM a$8))) THEN 0 END AS lost 
FROM standing LEFT OUTER JOIN answer ON true

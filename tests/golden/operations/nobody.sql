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
(SELECT convert_to(CAST((SELECT row_to_json(r$40) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$8) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM org_unit AS t$6 
WHERE false) AS "totalCount", g$5."$1_0" AS nodes, (SELECT row_to_json(r$7) AS row_to_json_3 
FROM (SELECT g$5."$2_0" AS "hasNextPage", g$5."$2_1" AS "startCursor", g$5."$2_2" AS "endCursor") AS r$7) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT p$3.name AS name) AS r$4)) FILTER (WHERE p$3."$place" <= $5::INTEGER), '[]'::json) AS "$1_0", count(*) > $5::INTEGER AS "$2_0", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$3.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || $6::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = 1) AS "$2_1", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$3.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($6::BYTEA || sha256($6::BYTEA || uuid_send(p$3.id))), 1, 16) || $6::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = least(p$3."$total", $5::INTEGER)) AS "$2_2" 
FROM (SELECT p$2.id AS id, p$2.level AS level, p$2.code AS code, p$2.name AS name, p$2.parent_path AS parent_path, p$2.path AS path, p$2.pinyin AS pinyin, p$2.sorting AS sorting, p$2.version AS version, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.version AS version 
FROM org_unit AS t$1 
WHERE false ORDER BY t$1.path 
 LIMIT $5::INTEGER + 1) AS p$2) AS p$3) AS g$5) AS r$8) AS "orgUnits", (SELECT row_to_json(r$37) AS row_to_json_5 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_2 
FROM (SELECT t$30.id AS id, CASE WHEN (t$30.folded = $7::VARCHAR COLLATE "C") THEN 0 WHEN (t$30.folded LIKE $8::VARCHAR COLLATE "C") THEN 1 WHEN (t$30.pinyin LIKE $8::VARCHAR COLLATE "C" OR t$30.pinyin LIKE $9::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$30.code) AS weight, 0 AS kind, CAST(t$30.path AS TEXT) AS key 
FROM org_unit AS t$30 
WHERE false UNION ALL SELECT t$31.id AS id, CASE WHEN (t$31.folded = $10::VARCHAR COLLATE "C") THEN 0 WHEN (t$31.folded LIKE $11::VARCHAR COLLATE "C") THEN 1 WHEN (t$31.pinyin LIKE $11::VARCHAR COLLATE "C" OR t$31.pinyin LIKE $12::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$31.unit_path) AS weight, 1 AS kind, CAST(t$31.id AS TEXT) AS key 
FROM party_organization AS t$31 
WHERE false UNION ALL SELECT t$32.id AS id, CASE WHEN (t$32.folded = $13::VARCHAR COLLATE "C") THEN 0 WHEN (t$32.folded LIKE $14::VARCHAR COLLATE "C") THEN 1 WHEN (t$32.pinyin LIKE $14::VARCHAR COLLATE "C" OR t$32.pinyin LIKE $15::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$32.unit_path) AS weight, 2 AS kind, CAST(t$32.id AS TEXT) AS key 
FROM member AS t$32 
WHERE false UNION ALL SELECT t$33.id AS id, CASE WHEN (t$33.folded = $16::VARCHAR COLLATE "C") THEN 0 WHEN (t$33.folded LIKE $17::VARCHAR COLLATE "C") THEN 1 WHEN (t$33.pinyin LIKE $17::VARCHAR COLLATE "C" OR t$33.pinyin LIKE $18::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$33.unit_path) AS weight, 3 AS kind, CAST(t$33.id AS TEXT) AS key 
FROM property_company AS t$33 
WHERE false UNION ALL SELECT t$34.id AS id, CASE WHEN (t$34.folded = $19::VARCHAR COLLATE "C") THEN 0 WHEN (t$34.folded LIKE $20::VARCHAR COLLATE "C") THEN 1 WHEN (t$34.pinyin LIKE $20::VARCHAR COLLATE "C" OR t$34.pinyin LIKE $21::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$34.unit_path) AS weight, 4 AS kind, CAST(t$34.id AS TEXT) AS key 
FROM compound AS t$34 
WHERE false UNION ALL SELECT t$35.id AS id, CASE WHEN (t$35.folded = $22::VARCHAR COLLATE "C") THEN 0 WHEN (t$35.folded LIKE $23::VARCHAR COLLATE "C") THEN 1 WHEN (t$35.pinyin LIKE $23::VARCHAR COLLATE "C" OR t$35.pinyin LIKE $24::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$35.unit_path) AS weight, 5 AS kind, CAST(t$35.id AS TEXT) AS key 
FROM service_item AS t$35 
WHERE false) AS u$36) AS "totalCount", g$29."$1_0" AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$16.kind = 0) THEN (SELECT row_to_json(r$18) AS row_to_json_6 
FROM (SELECT 'OrgUnit' AS __typename 
FROM org_unit AS t$17 
WHERE t$17.id = p$16.id) AS r$18) WHEN (p$16.kind = 1) THEN (SELECT row_to_json(r$20) AS row_to_json_7 
FROM (SELECT 'PartyOrganization' AS __typename 
FROM party_organization AS t$19 
WHERE t$19.id = p$16.id) AS r$20) WHEN (p$16.kind = 2) THEN (SELECT row_to_json(r$22) AS row_to_json_8 
FROM (SELECT 'Member' AS __typename 
FROM member AS t$21 
WHERE t$21.id = p$16.id) AS r$22) WHEN (p$16.kind = 3) THEN (SELECT row_to_json(r$24) AS row_to_json_9 
FROM (SELECT 'PropertyCompany' AS __typename 
FROM property_company AS t$23 
WHERE t$23.id = p$16.id) AS r$24) WHEN (p$16.kind = 4) THEN (SELECT row_to_json(r$26) AS row_to_json_10 
FROM (SELECT 'Compound' AS __typename 
FROM compound AS t$25 
WHERE t$25.id = p$16.id) AS r$26) WHEN (p$16.kind = 5) THEN (SELECT row_to_json(r$28) AS row_to_json_11 
FROM (SELECT 'ServiceItem' AS __typename 
FROM service_item AS t$27 
WHERE t$27.id = p$16.id) AS r$28) END), '[]'::json) AS "$1_0" 
FROM (SELECT u$15.id AS id, u$15.rank AS rank, u$15.weight AS weight, u$15.kind AS kind, u$15.key AS key 
FROM (SELECT t$9.id AS id, CASE WHEN (t$9.folded = $7::VARCHAR COLLATE "C") THEN 0 WHEN (t$9.folded LIKE $8::VARCHAR COLLATE "C") THEN 1 WHEN (t$9.pinyin LIKE $8::VARCHAR COLLATE "C" OR t$9.pinyin LIKE $9::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$9.code) AS weight, 0 AS kind, CAST(t$9.path AS TEXT) AS key 
FROM org_unit AS t$9 
WHERE false UNION ALL SELECT t$10.id AS id, CASE WHEN (t$10.folded = $10::VARCHAR COLLATE "C") THEN 0 WHEN (t$10.folded LIKE $11::VARCHAR COLLATE "C") THEN 1 WHEN (t$10.pinyin LIKE $11::VARCHAR COLLATE "C" OR t$10.pinyin LIKE $12::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$10.unit_path) AS weight, 1 AS kind, CAST(t$10.id AS TEXT) AS key 
FROM party_organization AS t$10 
WHERE false UNION ALL SELECT t$11.id AS id, CASE WHEN (t$11.folded = $13::VARCHAR COLLATE "C") THEN 0 WHEN (t$11.folded LIKE $14::VARCHAR COLLATE "C") THEN 1 WHEN (t$11.pinyin LIKE $14::VARCHAR COLLATE "C" OR t$11.pinyin LIKE $15::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$11.unit_path) AS weight, 2 AS kind, CAST(t$11.id AS TEXT) AS key 
FROM member AS t$11 
WHERE false UNION ALL SELECT t$12.id AS id, CASE WHEN (t$12.folded = $16::VARCHAR COLLATE "C") THEN 0 WHEN (t$12.folded LIKE $17::VARCHAR COLLATE "C") THEN 1 WHEN (t$12.pinyin LIKE $17::VARCHAR COLLATE "C" OR t$12.pinyin LIKE $18::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$12.unit_path) AS weight, 3 AS kind, CAST(t$12.id AS TEXT) AS key 
FROM property_company AS t$12 
WHERE false UNION ALL SELECT t$13.id AS id, CASE WHEN (t$13.folded = $19::VARCHAR COLLATE "C") THEN 0 WHEN (t$13.folded LIKE $20::VARCHAR COLLATE "C") THEN 1 WHEN (t$13.pinyin LIKE $20::VARCHAR COLLATE "C" OR t$13.pinyin LIKE $21::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$13.unit_path) AS weight, 4 AS kind, CAST(t$13.id AS TEXT) AS key 
FROM compound AS t$13 
WHERE false UNION ALL SELECT t$14.id AS id, CASE WHEN (t$14.folded = $22::VARCHAR COLLATE "C") THEN 0 WHEN (t$14.folded LIKE $23::VARCHAR COLLATE "C") THEN 1 WHEN (t$14.pinyin LIKE $23::VARCHAR COLLATE "C" OR t$14.pinyin LIKE $24::VARCHAR COLLATE "C") THEN 2 ELSE 3 END AS rank, length(t$14.unit_path) AS weight, 5 AS kind, CAST(t$14.id AS TEXT) AS key 
FROM service_item AS t$14 
WHERE false) AS u$15 ORDER BY u$15.rank, u$15.weight, u$15.kind, u$15.key 
 LIMIT $25::INTEGER) AS p$16) AS g$29) AS r$37) AS search, (SELECT row_to_json(r$39) AS row_to_json_12 
FROM (SELECT t$38.name AS name 
FROM org_unit AS t$38 
WHERE false ORDER BY t$38.code != $26::VARCHAR, t$38.path 
 LIMIT 1) AS r$39) AS "orgUnit") AS r$40) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

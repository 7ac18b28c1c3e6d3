WITH a$4 AS MATERIALIZED 
(SELECT t$3.sorting AS k0, t$3.path AS k1 
FROM org_unit AS t$3 
WHERE t$3.id = $2::UUID AND t$3.path >= $3::VARCHAR COLLATE "C" AND t$3.path < $4::VARCHAR COLLATE "C"), 
standing AS MATERIALIZED 
(SELECT now() < $5::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM credential JOIN account ON account.id = credential.account_id 
WHERE credential.id = $6::VARCHAR AND credential.revoked_at IS NULL AND credential.approved_at IS NOT NULL AND credential.expires_at > now() AND coalesce(credential.last_used_at, credential.approved_at) > now() - interval '90 days' AND account.closed_at IS NULL AND (account.kind != 'PROGRAM' OR (EXISTS (SELECT 1 
FROM role_grant AS its_grant 
WHERE account.id = its_grant.account_id AND its_grant.revoked_at IS NULL AND (its_grant.until IS NULL OR its_grant.until > now())))) AND (coalesce(credential.confirmed_by, credential.issued_by) IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND voucher.id = coalesce(credential.confirmed_by, credential.issued_by) AND voucher_grant.account_id = voucher.id AND (voucher_grant.role = 'administrator' OR voucher_grant.role = 'community_admin' OR voucher_grant.role = 'county_admin' OR voucher_grant.role = 'town_admin') AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(coalesce(credential.confirmed_at, credential.created_at), now()), now(), '[]'), false)) AND (credential.approved_by IS NULL OR coalesce((SELECT range_agg(tstzrange(voucher_grant.since, coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity') + interval '14 days')) AS told 
FROM role_grant AS voucher_grant, account AS voucher, program AS its_program 
WHERE credential.account_id = its_program.account_id AND credential.approved_by = voucher.id AND voucher_grant.account_id = voucher.id AND voucher_grant.role = 'county_admin' AND (voucher_grant.unit_path = ANY (path_line(its_program.unit_path)) OR voucher_grant.unit_path = ANY (path_line(its_program.moved_from))) AND voucher_grant.since <= now() AND voucher_grant.since < coalesce(least(voucher_grant.until, voucher_grant.revoked_at, voucher.closed_at, CASE WHEN NOT (voucher_grant.unit_path = ANY (path_line(its_program.unit_path))) THEN its_program.moved_at END), 'infinity')) @> tstzrange(least(credential.approved_at, now()), now(), '[]'), false)) AND account.revision = $7::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$16) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$15) AS row_to_json_2 
FROM (SELECT g$14."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$13) AS row_to_json_3 
FROM (SELECT p$2.name AS name, (SELECT row_to_json(r$12) AS row_to_json_4 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM org_unit AS t$10 
WHERE t$10.path >= $3::VARCHAR COLLATE "C" AND t$10.path < $4::VARCHAR COLLATE "C" AND t$10.parent_path = p$2.path) AS "totalCount", g$9."$1_0" AS nodes, (SELECT row_to_json(r$11) AS row_to_json_5 
FROM (SELECT g$9."$2_0" AS "hasNextPage", true AS "hasPreviousPage") AS r$11) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$8) AS row_to_json_6 
FROM (SELECT p$7.name AS name) AS r$8)) FILTER (WHERE p$7."$place" <= $8::INTEGER), '[]'::json) AS "$1_0", count(*) > $8::INTEGER AS "$2_0" 
FROM (SELECT p$6.id AS id, p$6.level AS level, p$6.code AS code, p$6.name AS name, p$6.parent_path AS parent_path, p$6.path AS path, p$6.pinyin AS pinyin, p$6.sorting AS sorting, p$6.version AS version, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$5.id AS id, t$5.level AS level, t$5.code AS code, t$5.name AS name, t$5.parent_path AS parent_path, t$5.path AS path, t$5.pinyin AS pinyin, t$5.sorting AS sorting, t$5.version AS version 
FROM org_unit AS t$5 
WHERE t$5.path >= $3::VARCHAR COLLATE "C" AND t$5.path < $4::VARCHAR COLLATE "C" AND t$5.parent_path = p$2.path AND (t$5.sorting, t$5.path) > ((SELECT a$4.k0 
FROM a$4), (SELECT a$4.k1 
FROM a$4)) ORDER BY t$5.sorting, t$5.path 
 LIMIT $8::INTEGER + 1) AS p$6) AS p$7) AS g$9) AS r$12) AS children) AS r$13)), '[]'::json) AS "$0_0" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.version AS version 
FROM org_unit AS t$1 
WHERE t$1.path >= $3::VARCHAR COLLATE "C" AND t$1.path < $4::VARCHAR COLLATE "C" AND t$1.level = ANY ($9::org_level[]) ORDER BY t$1.path 
 LIMIT $10::INTEGER) AS p$2) AS g$14) AS r$15) AS "orgUnits") AS r$16) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh AND (EXISTS (SELECT a$4.k0, a$4.k1 
FROM a$4)))
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body, CASE WHEN (NOT (EXISTS (SELECT a$4.k0, a$4.k1 
FROM a$4))) THEN 0 END AS lost 
FROM standing LEFT OUTER JOIN answer ON true

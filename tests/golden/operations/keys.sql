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
(SELECT convert_to(CAST((SELECT row_to_json(r$10) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$9) AS row_to_json_2 
FROM (SELECT g$7."$0_0" AS r3, (SELECT row_to_json(r$8) AS row_to_json_3 
FROM (SELECT g$7."$1_0" AS a12345678901234567890123456789012345678901234567890123456789012, g$7."$1_1" AS a12345678901234567890123456789012345678901234567890123456789013) AS r$8) AS g4 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$6) AS row_to_json_4 
FROM (SELECT p$3.name AS t1, (SELECT row_to_json(r$5) AS row_to_json_5 
FROM (SELECT t$4.name AS name 
FROM org_unit AS t$4 
WHERE t$4.path >= $5::VARCHAR COLLATE "C" AND t$4.path < $6::VARCHAR COLLATE "C" AND t$4.path = p$3.parent_path) AS r$5) AS r2) AS r$6)) FILTER (WHERE p$3."$place" <= $7::INTEGER), '[]'::json) AS "$0_0", count(*) > $7::INTEGER AS "$1_0", max(translate(encode(substr(sha256($8::BYTEA || sha256($8::BYTEA || uuid_send(p$3.id))), 1, 16) || substr(bit_send(CAST('x' || encode(uuid_send(p$3.id), 'hex') AS BIT(128)) # CAST('x' || encode(substr(sha256(substr(sha256($8::BYTEA || sha256($8::BYTEA || uuid_send(p$3.id))), 1, 16) || $8::BYTEA), 1, 16), 'hex') AS BIT(128))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = least(p$3."$total", $7::INTEGER)) AS "$1_1" 
FROM (SELECT p$2.id AS id, p$2.level AS level, p$2.code AS code, p$2.name AS name, p$2.parent_path AS parent_path, p$2.path AS path, p$2.pinyin AS pinyin, p$2.sorting AS sorting, p$2.version AS version, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin, t$1.sorting AS sorting, t$1.version AS version 
FROM org_unit AS t$1 
WHERE t$1.path >= $5::VARCHAR COLLATE "C" AND t$1.path < $6::VARCHAR COLLATE "C" ORDER BY t$1.path 
 LIMIT $7::INTEGER + 1) AS p$2) AS p$3) AS g$7) AS r$9) AS r1) AS r$10) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

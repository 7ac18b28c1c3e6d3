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
(SELECT convert_to(CAST((SELECT row_to_json(r$14) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$8) AS row_to_json_2 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM (SELECT CAST(NULL AS UUID) AS id, CAST(NULL AS INTEGER) AS rank, CAST(NULL AS INTEGER) AS weight, CAST(NULL AS INTEGER) AS kind, CAST(NULL AS TEXT) AS key 
WHERE false) AS u$6) AS "totalCount", g$5."$1_0" AS nodes, g$5."$2_0" AS edges, (SELECT row_to_json(r$7) AS row_to_json_3 
FROM (SELECT g$5."$3_0" AS "endCursor") AS r$7) AS "pageInfo" 
FROM (SELECT coalesce(json_agg(CAST(NULL AS JSON)) FILTER (WHERE p$3."$place" <= $5::INTEGER), '[]'::json) AS "$1_0", coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || (int4send(p$3.kind) || uuid_send(p$3.id)))), 1, 16) || substr(bit_send(CAST('x' || encode(int4send(p$3.kind) || uuid_send(p$3.id), 'hex') AS BIT(160)) # CAST('x' || encode(substr(sha256(substr(sha256($6::BYTEA || sha256($6::BYTEA || (int4send(p$3.kind) || uuid_send(p$3.id)))), 1, 16) || $6::BYTEA), 1, 20), 'hex') AS BIT(160))), 5), 'base64'), E'+/\n=', '-_') AS cursor) AS r$4)) FILTER (WHERE p$3."$place" <= $5::INTEGER), '[]'::json) AS "$2_0", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || (int4send(p$3.kind) || uuid_send(p$3.id)))), 1, 16) || substr(bit_send(CAST('x' || encode(int4send(p$3.kind) || uuid_send(p$3.id), 'hex') AS BIT(160)) # CAST('x' || encode(substr(sha256(substr(sha256($6::BYTEA || sha256($6::BYTEA || (int4send(p$3.kind) || uuid_send(p$3.id)))), 1, 16) || $6::BYTEA), 1, 20), 'hex') AS BIT(160))), 5), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = least(p$3."$total", $5::INTEGER)) AS "$3_0" 
FROM (SELECT p$2.id AS id, p$2.rank AS rank, p$2.weight AS weight, p$2.kind AS kind, p$2.key AS key, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT u$1.id AS id, u$1.rank AS rank, u$1.weight AS weight, u$1.kind AS kind, u$1.key AS key 
FROM (SELECT CAST(NULL AS UUID) AS id, CAST(NULL AS INTEGER) AS rank, CAST(NULL AS INTEGER) AS weight, CAST(NULL AS INTEGER) AS kind, CAST(NULL AS TEXT) AS key 
WHERE false) AS u$1 ORDER BY u$1.rank, u$1.weight, u$1.kind, u$1.key 
 LIMIT $5::INTEGER + 1) AS p$2) AS p$3) AS g$5) AS r$8) AS search, (SELECT row_to_json(r$13) AS row_to_json_5 
FROM (SELECT g$12."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$11) AS row_to_json_6 
FROM (SELECT 'ou_' || CAST(p$10.id AS TEXT) AS id) AS r$11)), '[]'::json) AS "$0_0" 
FROM (SELECT t$9.id AS id, t$9.level AS level, t$9.code AS code, t$9.name AS name, t$9.parent_path AS parent_path, t$9.path AS path, t$9.pinyin AS pinyin, t$9.sorting AS sorting, t$9.version AS version 
FROM org_unit AS t$9 
WHERE t$9.path >= $7::VARCHAR COLLATE "C" AND t$9.path < $8::VARCHAR COLLATE "C" AND t$9.level = ANY ($9::org_level[]) ORDER BY t$9.path 
 LIMIT $10::INTEGER) AS p$10) AS g$12) AS r$13) AS "orgUnits") AS r$14) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

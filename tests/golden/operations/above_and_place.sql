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
(SELECT convert_to(CAST((SELECT row_to_json(r$15) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$8) AS row_to_json_2 
FROM (SELECT (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t$1.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t$1.path)) AS place, (SELECT row_to_json(r$5) AS row_to_json_3 
FROM (SELECT t$2.name AS name, (SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT t$3.name AS name 
FROM org_unit AS t$3 
WHERE t$3.path >= $5::VARCHAR COLLATE "C" AND t$3.path < $6::VARCHAR COLLATE "C" AND t$3.path = t$2.parent_path) AS r$4) AS parent 
FROM org_unit AS t$2 
WHERE t$2.path >= $5::VARCHAR COLLATE "C" AND t$2.path < $6::VARCHAR COLLATE "C" AND t$2.path = t$1.parent_path) AS r$5) AS parent, (SELECT coalesce(json_agg(row_to_json(r$7)), '[]'::json) AS coalesce_1 
FROM (SELECT t$6.code AS code, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_2 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t$6.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t$6.path)) AS place 
FROM org_unit AS t$6 
WHERE t$6.path >= $5::VARCHAR COLLATE "C" AND t$6.path < $6::VARCHAR COLLATE "C" AND t$6.code = ANY (string_to_array(t$1.parent_path, '/')) ORDER BY t$6.path) AS r$7) AS ancestors 
FROM org_unit AS t$1 
WHERE t$1.path >= $5::VARCHAR COLLATE "C" AND t$1.path < $6::VARCHAR COLLATE "C" AND t$1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $7::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $7::VARCHAR) ORDER BY t$1.code != $7::VARCHAR, t$1.path 
 LIMIT 1) AS r$8) AS "orgUnit", (SELECT row_to_json(r$14) AS row_to_json_5 
FROM (SELECT (SELECT row_to_json(r$11) AS row_to_json_6 
FROM (SELECT t$10.name AS name 
FROM org_unit AS t$10 
WHERE t$10.path >= $5::VARCHAR COLLATE "C" AND t$10.path < $6::VARCHAR COLLATE "C" AND t$10.path = t$9.parent_path) AS r$11) AS parent, (SELECT coalesce(json_agg(row_to_json(r$13)), '[]'::json) AS coalesce_2 
FROM (SELECT t$12.name AS name 
FROM org_unit AS t$12 
WHERE t$12.path >= $5::VARCHAR COLLATE "C" AND t$12.path < $6::VARCHAR COLLATE "C" AND t$12.code = ANY (string_to_array(t$9.parent_path, '/')) ORDER BY t$12.path) AS r$13) AS ancestors 
FROM org_unit AS t$9 
WHERE t$9.path >= $5::VARCHAR COLLATE "C" AND t$9.path < $6::VARCHAR COLLATE "C" AND t$9.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $8::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $8::VARCHAR) ORDER BY t$9.code != $8::VARCHAR, t$9.path 
 LIMIT 1) AS r$14) AS top) AS r$15) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

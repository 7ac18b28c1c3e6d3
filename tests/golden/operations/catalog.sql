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
(SELECT convert_to(CAST((SELECT row_to_json(r$13) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$12) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(r$11) AS row_to_json_3 
FROM (SELECT (SELECT CAST(count(*) AS INTEGER) AS count_1 
FROM catalog_entry AS t$10 
WHERE t$10.unit_path >= $5::VARCHAR COLLATE "C" AND t$10.unit_path < $6::VARCHAR COLLATE "C" AND t$10.unit_path = t$1.path AND t$10.offered = $7::BOOLEAN) AS "totalCount", g$9."$1_0" AS nodes 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$8) AS row_to_json_4 
FROM (SELECT p$3.name AS name, p$3.function AS function, p$3.note AS note, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(p$3.source_path, '/')) AND (place.level >= 'COUNTY' OR place.path = p$3.source_path)) AS "sourcePlace", (SELECT row_to_json(r$5) AS row_to_json_5 
FROM (SELECT t$4.name AS name 
FROM org_unit AS t$4 
WHERE t$4.path >= $8::VARCHAR COLLATE "C" AND t$4.path < $9::VARCHAR COLLATE "C" AND t$4.path = p$3.source_path) AS r$5) AS source, (SELECT row_to_json(r$7) AS row_to_json_6 
FROM (SELECT t$6.category AS category, t$6.online AS online 
FROM service_item AS t$6 
WHERE (t$6.unit_path >= $10::VARCHAR COLLATE "C" AND t$6.unit_path < $11::VARCHAR COLLATE "C" OR t$6.unit_path = ANY ($12::TEXT[] COLLATE "C")) AND t$6.id = p$3.item_id) AS r$7) AS item) AS r$8)), '[]'::json) AS "$1_0" 
FROM (SELECT t$2.unit_path AS unit_path, t$2.item_id AS item_id, t$2.source_path AS source_path, t$2.function AS function, t$2.name AS name, t$2.pinyin AS pinyin, t$2.category AS category, t$2.at_window AS at_window, t$2.online AS online, t$2.offered AS offered, t$2.note AS note, t$2.note_path AS note_path, t$2.sorting AS sorting 
FROM catalog_entry AS t$2 
WHERE t$2.unit_path >= $5::VARCHAR COLLATE "C" AND t$2.unit_path < $6::VARCHAR COLLATE "C" AND t$2.unit_path = t$1.path AND t$2.offered = $7::BOOLEAN ORDER BY t$2.function, t$2.sorting, t$2.item_id 
 LIMIT $13::INTEGER) AS p$3) AS g$9) AS r$11) AS "serviceCatalog" 
FROM org_unit AS t$1 
WHERE t$1.path >= $8::VARCHAR COLLATE "C" AND t$1.path < $9::VARCHAR COLLATE "C" AND t$1.id IN (SELECT org_unit.id 
FROM org_unit 
WHERE org_unit.code = $14::VARCHAR UNION ALL SELECT org_unit_former_code.unit_id 
FROM org_unit_former_code 
WHERE org_unit_former_code.code = $14::VARCHAR) ORDER BY t$1.code != $14::VARCHAR, t$1.path 
 LIMIT 1) AS r$12) AS "orgUnit") AS r$13) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

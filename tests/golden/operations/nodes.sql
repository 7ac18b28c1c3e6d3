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
(SELECT array((SELECT DISTINCT compound_sharing_1.compound_id 
FROM compound_sharing AS compound_sharing_1 
WHERE compound_sharing_1.since <= CURRENT_DATE AND (compound_sharing_1.until IS NULL OR compound_sharing_1.until >= CURRENT_DATE) AND compound_sharing_1.sharer_path >= $7::VARCHAR COLLATE "C" AND compound_sharing_1.sharer_path < $8::VARCHAR COLLATE "C")) AS ids), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$8) AS row_to_json_1 
FROM (SELECT (SELECT coalesce(json_agg(CASE WHEN (n$1.tag = 'cp') THEN (SELECT row_to_json(r$3) AS row_to_json_2 
FROM (SELECT 'Compound' AS __typename, 'cp_' || CAST(t$2.id AS TEXT) AS id, t$2.name AS name, t$2.households AS households 
FROM compound AS t$2 
WHERE (t$2.unit_path >= $5::VARCHAR COLLATE "C" AND t$2.unit_path < $6::VARCHAR COLLATE "C" OR t$2.id = ANY (CAST((SELECT anon_1.ids 
FROM anon_1) AS UUID[]))) AND t$2.id = n$1.id) AS r$3) WHEN (n$1.tag = 'ou') THEN (SELECT row_to_json(r$5) AS row_to_json_3 
FROM (SELECT 'OrgUnit' AS __typename, 'ou_' || CAST(t$4.id AS TEXT) AS id, t$4.name AS name 
FROM org_unit AS t$4 
WHERE t$4.path >= $9::VARCHAR COLLATE "C" AND t$4.path < $10::VARCHAR COLLATE "C" AND t$4.id = n$1.id) AS r$5) END ORDER BY n$1.place), '[]'::json) AS coalesce_1 
FROM unnest($11::TEXT[], $12::UUID[]) WITH ORDINALITY AS n$1(tag, id, place)) AS nodes, (SELECT coalesce(json_agg(CAST(NULL AS JSON) ORDER BY n$6.place), '[]'::json) AS coalesce_2 
FROM unnest($13::TEXT[], $14::UUID[]) WITH ORDINALITY AS n$6(tag, id, place)) AS none, (SELECT coalesce(json_agg(CAST(NULL AS JSON) ORDER BY n$7.place), '[]'::json) AS coalesce_3 
FROM unnest($15::TEXT[], $16::UUID[]) WITH ORDINALITY AS n$7(tag, id, place)) AS unknown) AS r$8) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

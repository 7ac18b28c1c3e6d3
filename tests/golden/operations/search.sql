WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r30) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r15) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM (SELECT t11.id AS id, CASE WHEN (lower(normalize(t11.name, NFKC)) = $5::VARCHAR) THEN 0 WHEN (lower(normalize(t11.name, NFKC)) LIKE $6::VARCHAR) THEN 1 WHEN (t11.pinyin LIKE $6::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t11.code) AS weight, 0 AS kind, CAST(t11.path AS TEXT) AS key 
FROM org_unit AS t11 
WHERE t11.path >= $7::VARCHAR COLLATE "C" AND t11.path < $8::VARCHAR COLLATE "C" AND ((t11.grams @> $9::TEXT[] COLLATE "C") AND (lower(normalize(t11.name, NFKC)) LIKE $10::VARCHAR OR t11.pinyin LIKE $11::VARCHAR COLLATE "C") OR t11.pinyin LIKE $12::VARCHAR COLLATE "C") UNION ALL SELECT t12.id AS id, CASE WHEN (lower(normalize(t12.name, NFKC)) = $13::VARCHAR) THEN 0 WHEN (lower(normalize(t12.name, NFKC)) LIKE $14::VARCHAR) THEN 1 WHEN (t12.pinyin LIKE $14::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t12.unit_path) AS weight, 1 AS kind, CAST(t12.id AS TEXT) AS key 
FROM party_organization AS t12 
WHERE t12.unit_path >= $15::VARCHAR COLLATE "C" AND t12.unit_path < $16::VARCHAR COLLATE "C" AND ((t12.grams @> $17::TEXT[] COLLATE "C") AND (lower(normalize(t12.name, NFKC)) LIKE $18::VARCHAR OR t12.pinyin LIKE $19::VARCHAR COLLATE "C") OR t12.pinyin LIKE $20::VARCHAR COLLATE "C")) AS u13) AS "totalCount", g10.g1_ AS nodes, (SELECT row_to_json(r14) AS row_to_json_3 
FROM (SELECT g10."g2_hasNextPage" AS "hasNextPage", g10."g2_endCursor" AS "endCursor") AS r14) AS "pageInfo" 
FROM (SELECT coalesce(json_agg(CASE WHEN (p5.kind = 0) THEN (SELECT row_to_json(r7) AS row_to_json_4 
FROM (SELECT 'OrgUnit' AS __typename, 'ou_' || CAST(t6.id AS TEXT) AS id, t6.name AS name, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t6.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t6.path)) AS place 
FROM org_unit AS t6 
WHERE t6.id = p5.id) AS r7) WHEN (p5.kind = 1) THEN (SELECT row_to_json(r9) AS row_to_json_5 
FROM (SELECT 'PartyOrganization' AS __typename, 'po_' || CAST(t8.id AS TEXT) AS id, t8.name AS title, t8.tier AS tier 
FROM party_organization AS t8 
WHERE t8.id = p5.id) AS r9) END) FILTER (WHERE p5._place <= $21::INTEGER), '[]'::json) AS g1_, count(*) > $21::INTEGER AS "g2_hasNextPage", max(translate(encode(substr(sha256($22::BYTEA || sha256($22::BYTEA || convert_to(CAST(json_build_array(CAST(p5.rank AS TEXT), CAST(p5.weight AS TEXT), CAST(p5.kind AS TEXT), CAST(p5.key AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p5.rank AS TEXT), CAST(p5.weight AS TEXT), CAST(p5.kind AS TEXT), CAST(p5.key AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p5._place = least(p5._total, $21::INTEGER)) AS "g2_endCursor" 
FROM (SELECT p4.id AS id, p4.rank AS rank, p4.weight AS weight, p4.kind AS kind, p4.key AS key, row_number() OVER () AS _place, count(*) OVER () AS _total 
FROM (SELECT u3.id AS id, u3.rank AS rank, u3.weight AS weight, u3.kind AS kind, u3.key AS key 
FROM (SELECT t1.id AS id, CASE WHEN (lower(normalize(t1.name, NFKC)) = $5::VARCHAR) THEN 0 WHEN (lower(normalize(t1.name, NFKC)) LIKE $6::VARCHAR) THEN 1 WHEN (t1.pinyin LIKE $6::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t1.code) AS weight, 0 AS kind, CAST(t1.path AS TEXT) AS key 
FROM org_unit AS t1 
WHERE t1.path >= $7::VARCHAR COLLATE "C" AND t1.path < $8::VARCHAR COLLATE "C" AND ((t1.grams @> $9::TEXT[] COLLATE "C") AND (lower(normalize(t1.name, NFKC)) LIKE $10::VARCHAR OR t1.pinyin LIKE $11::VARCHAR COLLATE "C") OR t1.pinyin LIKE $12::VARCHAR COLLATE "C") UNION ALL SELECT t2.id AS id, CASE WHEN (lower(normalize(t2.name, NFKC)) = $13::VARCHAR) THEN 0 WHEN (lower(normalize(t2.name, NFKC)) LIKE $14::VARCHAR) THEN 1 WHEN (t2.pinyin LIKE $14::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t2.unit_path) AS weight, 1 AS kind, CAST(t2.id AS TEXT) AS key 
FROM party_organization AS t2 
WHERE t2.unit_path >= $15::VARCHAR COLLATE "C" AND t2.unit_path < $16::VARCHAR COLLATE "C" AND ((t2.grams @> $17::TEXT[] COLLATE "C") AND (lower(normalize(t2.name, NFKC)) LIKE $18::VARCHAR OR t2.pinyin LIKE $19::VARCHAR COLLATE "C") OR t2.pinyin LIKE $20::VARCHAR COLLATE "C")) AS u3 ORDER BY u3.rank, u3.weight, u3.kind, u3.key 
 LIMIT $21::INTEGER + 1) AS p4) AS p5) AS g10) AS r15) AS search, (SELECT row_to_json(r22) AS row_to_json_6 
FROM (SELECT g21.g0_ AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p18.kind = 0) THEN (SELECT row_to_json(r20) AS row_to_json_7 
FROM (SELECT t19.name AS name 
FROM org_unit AS t19 
WHERE t19.id = p18.id) AS r20) END), '[]'::json) AS g0_ 
FROM (SELECT u17.id AS id, u17.rank AS rank, u17.weight AS weight, u17.kind AS kind, u17.key AS key 
FROM (SELECT t16.id AS id, CASE WHEN (lower(normalize(t16.name, NFKC)) = $23::VARCHAR) THEN 0 WHEN (lower(normalize(t16.name, NFKC)) LIKE $24::VARCHAR) THEN 1 WHEN (t16.pinyin LIKE $24::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t16.code) AS weight, 0 AS kind, CAST(t16.path AS TEXT) AS key 
FROM org_unit AS t16 
WHERE t16.path >= $7::VARCHAR COLLATE "C" AND t16.path < $8::VARCHAR COLLATE "C" AND ((t16.grams @> $25::TEXT[] COLLATE "C") AND (lower(normalize(t16.name, NFKC)) LIKE $26::VARCHAR OR t16.pinyin LIKE $27::VARCHAR COLLATE "C") OR t16.pinyin LIKE $28::VARCHAR COLLATE "C")) AS u17 ORDER BY u17.rank, u17.weight, u17.kind, u17.key 
 LIMIT $29::INTEGER) AS p18) AS g21) AS r22) AS initials, (SELECT row_to_json(r29) AS row_to_json_8 
FROM (SELECT g28.g0_ AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p25.kind = 0) THEN (SELECT row_to_json(r27) AS row_to_json_9 
FROM (SELECT t26.name AS name 
FROM org_unit AS t26 
WHERE t26.id = p25.id) AS r27) END), '[]'::json) AS g0_ 
FROM (SELECT u24.id AS id, u24.rank AS rank, u24.weight AS weight, u24.kind AS kind, u24.key AS key 
FROM (SELECT t23.id AS id, CASE WHEN (lower(normalize(t23.name, NFKC)) = $30::VARCHAR) THEN 0 WHEN (lower(normalize(t23.name, NFKC)) LIKE $31::VARCHAR) THEN 1 WHEN (t23.pinyin LIKE $31::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t23.code) AS weight, 0 AS kind, CAST(t23.path AS TEXT) AS key 
FROM org_unit AS t23 
WHERE t23.path >= $7::VARCHAR COLLATE "C" AND t23.path < $8::VARCHAR COLLATE "C" AND ((t23.grams @> $32::TEXT[] COLLATE "C") AND (lower(normalize(t23.name, NFKC)) LIKE $33::VARCHAR OR t23.pinyin LIKE $34::VARCHAR COLLATE "C") OR t23.pinyin LIKE $35::VARCHAR COLLATE "C")) AS u24 ORDER BY u24.rank, u24.weight, u24.kind, u24.key 
 LIMIT $36::INTEGER) AS p25) AS g28) AS r29) AS pinyin) AS r30) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

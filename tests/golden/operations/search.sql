WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$30) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$15) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM (SELECT t$11.id AS id, CASE WHEN (lower(normalize(t$11.name, NFKC)) = $5::VARCHAR) THEN 0 WHEN (lower(normalize(t$11.name, NFKC)) LIKE $6::VARCHAR) THEN 1 WHEN (t$11.pinyin LIKE $6::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$11.code) AS weight, 0 AS kind, CAST(t$11.path AS TEXT) AS key 
FROM org_unit AS t$11 
WHERE t$11.path >= $7::VARCHAR COLLATE "C" AND t$11.path < $8::VARCHAR COLLATE "C" AND ((t$11.grams @> $9::TEXT[] COLLATE "C") AND (lower(normalize(t$11.name, NFKC)) LIKE $10::VARCHAR OR t$11.pinyin LIKE $11::VARCHAR COLLATE "C") OR t$11.pinyin LIKE $12::VARCHAR COLLATE "C") UNION ALL SELECT t$12.id AS id, CASE WHEN (lower(normalize(t$12.name, NFKC)) = $13::VARCHAR) THEN 0 WHEN (lower(normalize(t$12.name, NFKC)) LIKE $14::VARCHAR) THEN 1 WHEN (t$12.pinyin LIKE $14::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$12.unit_path) AS weight, 1 AS kind, CAST(t$12.id AS TEXT) AS key 
FROM party_organization AS t$12 
WHERE t$12.unit_path >= $15::VARCHAR COLLATE "C" AND t$12.unit_path < $16::VARCHAR COLLATE "C" AND ((t$12.grams @> $17::TEXT[] COLLATE "C") AND (lower(normalize(t$12.name, NFKC)) LIKE $18::VARCHAR OR t$12.pinyin LIKE $19::VARCHAR COLLATE "C") OR t$12.pinyin LIKE $20::VARCHAR COLLATE "C")) AS u$13) AS "totalCount", g$10."$1_0" AS nodes, (SELECT row_to_json(r$14) AS row_to_json_3 
FROM (SELECT g$10."$2_0" AS "hasNextPage", g$10."$2_1" AS "endCursor") AS r$14) AS "pageInfo" 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$5.kind = 0) THEN (SELECT row_to_json(r$7) AS row_to_json_4 
FROM (SELECT 'OrgUnit' AS __typename, 'ou_' || CAST(t$6.id AS TEXT) AS id, t$6.name AS name, (SELECT array_agg(place.name ORDER BY place.path) AS array_agg_1 
FROM org_unit AS place 
WHERE place.code = ANY (string_to_array(t$6.path, '/')) AND (place.level >= 'COUNTY' OR place.path = t$6.path)) AS place 
FROM org_unit AS t$6 
WHERE t$6.id = p$5.id) AS r$7) WHEN (p$5.kind = 1) THEN (SELECT row_to_json(r$9) AS row_to_json_5 
FROM (SELECT 'PartyOrganization' AS __typename, 'po_' || CAST(t$8.id AS TEXT) AS id, t$8.name AS title, t$8.tier AS tier 
FROM party_organization AS t$8 
WHERE t$8.id = p$5.id) AS r$9) END) FILTER (WHERE p$5."$place" <= $21::INTEGER), '[]'::json) AS "$1_0", count(*) > $21::INTEGER AS "$2_0", max(translate(encode(substr(sha256($22::BYTEA || sha256($22::BYTEA || convert_to(CAST(json_build_array(CAST(p$5.rank AS TEXT), CAST(p$5.weight AS TEXT), CAST(p$5.kind AS TEXT), CAST(p$5.key AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p$5.rank AS TEXT), CAST(p$5.weight AS TEXT), CAST(p$5.kind AS TEXT), CAST(p$5.key AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$5."$place" = least(p$5."$total", $21::INTEGER)) AS "$2_1" 
FROM (SELECT p$4.id AS id, p$4.rank AS rank, p$4.weight AS weight, p$4.kind AS kind, p$4.key AS key, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT u$3.id AS id, u$3.rank AS rank, u$3.weight AS weight, u$3.kind AS kind, u$3.key AS key 
FROM (SELECT t$1.id AS id, CASE WHEN (lower(normalize(t$1.name, NFKC)) = $5::VARCHAR) THEN 0 WHEN (lower(normalize(t$1.name, NFKC)) LIKE $6::VARCHAR) THEN 1 WHEN (t$1.pinyin LIKE $6::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$1.code) AS weight, 0 AS kind, CAST(t$1.path AS TEXT) AS key 
FROM org_unit AS t$1 
WHERE t$1.path >= $7::VARCHAR COLLATE "C" AND t$1.path < $8::VARCHAR COLLATE "C" AND ((t$1.grams @> $9::TEXT[] COLLATE "C") AND (lower(normalize(t$1.name, NFKC)) LIKE $10::VARCHAR OR t$1.pinyin LIKE $11::VARCHAR COLLATE "C") OR t$1.pinyin LIKE $12::VARCHAR COLLATE "C") UNION ALL SELECT t$2.id AS id, CASE WHEN (lower(normalize(t$2.name, NFKC)) = $13::VARCHAR) THEN 0 WHEN (lower(normalize(t$2.name, NFKC)) LIKE $14::VARCHAR) THEN 1 WHEN (t$2.pinyin LIKE $14::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$2.unit_path) AS weight, 1 AS kind, CAST(t$2.id AS TEXT) AS key 
FROM party_organization AS t$2 
WHERE t$2.unit_path >= $15::VARCHAR COLLATE "C" AND t$2.unit_path < $16::VARCHAR COLLATE "C" AND ((t$2.grams @> $17::TEXT[] COLLATE "C") AND (lower(normalize(t$2.name, NFKC)) LIKE $18::VARCHAR OR t$2.pinyin LIKE $19::VARCHAR COLLATE "C") OR t$2.pinyin LIKE $20::VARCHAR COLLATE "C")) AS u$3 ORDER BY u$3.rank, u$3.weight, u$3.kind, u$3.key 
 LIMIT $21::INTEGER + 1) AS p$4) AS p$5) AS g$10) AS r$15) AS search, (SELECT row_to_json(r$22) AS row_to_json_6 
FROM (SELECT g$21."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$18.kind = 0) THEN (SELECT row_to_json(r$20) AS row_to_json_7 
FROM (SELECT t$19.name AS name 
FROM org_unit AS t$19 
WHERE t$19.id = p$18.id) AS r$20) END), '[]'::json) AS "$0_0" 
FROM (SELECT u$17.id AS id, u$17.rank AS rank, u$17.weight AS weight, u$17.kind AS kind, u$17.key AS key 
FROM (SELECT t$16.id AS id, CASE WHEN (lower(normalize(t$16.name, NFKC)) = $23::VARCHAR) THEN 0 WHEN (lower(normalize(t$16.name, NFKC)) LIKE $24::VARCHAR) THEN 1 WHEN (t$16.pinyin LIKE $24::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$16.code) AS weight, 0 AS kind, CAST(t$16.path AS TEXT) AS key 
FROM org_unit AS t$16 
WHERE t$16.path >= $7::VARCHAR COLLATE "C" AND t$16.path < $8::VARCHAR COLLATE "C" AND ((t$16.grams @> $25::TEXT[] COLLATE "C") AND (lower(normalize(t$16.name, NFKC)) LIKE $26::VARCHAR OR t$16.pinyin LIKE $27::VARCHAR COLLATE "C") OR t$16.pinyin LIKE $28::VARCHAR COLLATE "C")) AS u$17 ORDER BY u$17.rank, u$17.weight, u$17.kind, u$17.key 
 LIMIT $29::INTEGER) AS p$18) AS g$21) AS r$22) AS initials, (SELECT row_to_json(r$29) AS row_to_json_8 
FROM (SELECT g$28."$0_0" AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$25.kind = 0) THEN (SELECT row_to_json(r$27) AS row_to_json_9 
FROM (SELECT t$26.name AS name 
FROM org_unit AS t$26 
WHERE t$26.id = p$25.id) AS r$27) END), '[]'::json) AS "$0_0" 
FROM (SELECT u$24.id AS id, u$24.rank AS rank, u$24.weight AS weight, u$24.kind AS kind, u$24.key AS key 
FROM (SELECT t$23.id AS id, CASE WHEN (lower(normalize(t$23.name, NFKC)) = $30::VARCHAR) THEN 0 WHEN (lower(normalize(t$23.name, NFKC)) LIKE $31::VARCHAR) THEN 1 WHEN (t$23.pinyin LIKE $31::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$23.code) AS weight, 0 AS kind, CAST(t$23.path AS TEXT) AS key 
FROM org_unit AS t$23 
WHERE t$23.path >= $7::VARCHAR COLLATE "C" AND t$23.path < $8::VARCHAR COLLATE "C" AND ((t$23.grams @> $32::TEXT[] COLLATE "C") AND (lower(normalize(t$23.name, NFKC)) LIKE $33::VARCHAR OR t$23.pinyin LIKE $34::VARCHAR COLLATE "C") OR t$23.pinyin LIKE $35::VARCHAR COLLATE "C")) AS u$24 ORDER BY u$24.rank, u$24.weight, u$24.kind, u$24.key 
 LIMIT $36::INTEGER) AS p$25) AS g$28) AS r$29) AS pinyin) AS r$30) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

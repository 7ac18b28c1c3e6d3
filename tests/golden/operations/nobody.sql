WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$24) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$8) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM org_unit AS t$6 
WHERE false) AS "totalCount", g$5."$1_0" AS nodes, (SELECT row_to_json(r$7) AS row_to_json_3 
FROM (SELECT g$5."$2_0" AS "hasNextPage", g$5."$2_1" AS "startCursor", g$5."$2_2" AS "endCursor") AS r$7) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$4) AS row_to_json_4 
FROM (SELECT p$3.name AS name) AS r$4)) FILTER (WHERE p$3."$place" <= $5::INTEGER), '[]'::json) AS "$1_0", count(*) > $5::INTEGER AS "$2_0", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || convert_to(CAST(json_build_array(CAST(p$3.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p$3.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = 1) AS "$2_1", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || convert_to(CAST(json_build_array(CAST(p$3.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p$3.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p$3."$place" = least(p$3."$total", $5::INTEGER)) AS "$2_2" 
FROM (SELECT p$2.id AS id, p$2.level AS level, p$2.code AS code, p$2.name AS name, p$2.parent_path AS parent_path, p$2.path AS path, p$2.pinyin AS pinyin, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT t$1.id AS id, t$1.level AS level, t$1.code AS code, t$1.name AS name, t$1.parent_path AS parent_path, t$1.path AS path, t$1.pinyin AS pinyin 
FROM org_unit AS t$1 
WHERE false ORDER BY t$1.path 
 LIMIT $5::INTEGER + 1) AS p$2) AS p$3) AS g$5) AS r$8) AS "orgUnits", (SELECT row_to_json(r$21) AS row_to_json_5 
FROM (SELECT (SELECT count(*) AS count_2 
FROM (SELECT t$18.id AS id, CASE WHEN (lower(normalize(t$18.name, NFKC)) = $7::VARCHAR) THEN 0 WHEN (lower(normalize(t$18.name, NFKC)) LIKE $8::VARCHAR) THEN 1 WHEN (t$18.pinyin LIKE $8::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$18.code) AS weight, 0 AS kind, CAST(t$18.path AS TEXT) AS key 
FROM org_unit AS t$18 
WHERE false UNION ALL SELECT t$19.id AS id, CASE WHEN (lower(normalize(t$19.name, NFKC)) = $9::VARCHAR) THEN 0 WHEN (lower(normalize(t$19.name, NFKC)) LIKE $10::VARCHAR) THEN 1 WHEN (t$19.pinyin LIKE $10::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$19.unit_path) AS weight, 1 AS kind, CAST(t$19.id AS TEXT) AS key 
FROM party_organization AS t$19 
WHERE false) AS u$20) AS "totalCount", g$17."$1_0" AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p$12.kind = 0) THEN (SELECT row_to_json(r$14) AS row_to_json_6 
FROM (SELECT 'OrgUnit' AS __typename 
FROM org_unit AS t$13 
WHERE t$13.id = p$12.id) AS r$14) WHEN (p$12.kind = 1) THEN (SELECT row_to_json(r$16) AS row_to_json_7 
FROM (SELECT 'PartyOrganization' AS __typename 
FROM party_organization AS t$15 
WHERE t$15.id = p$12.id) AS r$16) END), '[]'::json) AS "$1_0" 
FROM (SELECT u$11.id AS id, u$11.rank AS rank, u$11.weight AS weight, u$11.kind AS kind, u$11.key AS key 
FROM (SELECT t$9.id AS id, CASE WHEN (lower(normalize(t$9.name, NFKC)) = $7::VARCHAR) THEN 0 WHEN (lower(normalize(t$9.name, NFKC)) LIKE $8::VARCHAR) THEN 1 WHEN (t$9.pinyin LIKE $8::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$9.code) AS weight, 0 AS kind, CAST(t$9.path AS TEXT) AS key 
FROM org_unit AS t$9 
WHERE false UNION ALL SELECT t$10.id AS id, CASE WHEN (lower(normalize(t$10.name, NFKC)) = $9::VARCHAR) THEN 0 WHEN (lower(normalize(t$10.name, NFKC)) LIKE $10::VARCHAR) THEN 1 WHEN (t$10.pinyin LIKE $10::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$10.unit_path) AS weight, 1 AS kind, CAST(t$10.id AS TEXT) AS key 
FROM party_organization AS t$10 
WHERE false) AS u$11 ORDER BY u$11.rank, u$11.weight, u$11.kind, u$11.key 
 LIMIT $11::INTEGER) AS p$12) AS g$17) AS r$21) AS search, (SELECT row_to_json(r$23) AS row_to_json_8 
FROM (SELECT t$22.name AS name 
FROM org_unit AS t$22 
WHERE false ORDER BY t$22.code != $12::VARCHAR, t$22.path 
 LIMIT 1) AS r$23) AS "orgUnit") AS r$24) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true

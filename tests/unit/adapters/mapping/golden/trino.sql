-- fetch
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "tulgha" AS "r" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."id" IN (?, ?) ORDER BY "r"."id" LIMIT ?;
-- names
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty" FROM "tulgha" AS "r" WHERE ("r"."joyuly" = 0) AND NOT "r"."id" IS NULL ORDER BY "r"."id" LIMIT ?;
-- names after
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty" FROM "tulgha" AS "r" WHERE (("r"."joyuly" = 0) AND NOT "r"."id" IS NULL) AND "r"."id" > ? ORDER BY "r"."id" LIMIT ?;
-- child qujat
SELECT "r"."id", "m"."nomir", "m"."seria", "m"."turi" FROM "tulgha" AS "r" INNER JOIN "qujat" AS "m" ON "m"."tulgha_id" = "r"."id" WHERE ("m"."joyuly" = 0) AND "r"."id" IN (?, ?) ORDER BY "r"."id", "m"."nomir", "m"."seria", "m"."turi" LIMIT ?;
-- lookup qujat.nomir
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "qujat" AS "m" INNER JOIN "tulgha" AS "r" ON "m"."tulgha_id" = "r"."id" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ((("r"."joyuly" = 0) AND ("m"."joyuly" = 0)) AND "m"."nomir" IN (?, ?)) AND ("m"."seria" IN (?, ?) OR "m"."seria" IS NULL) ORDER BY "r"."id" LIMIT ?;
-- lookup tulgha.jsn
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "tulgha" AS "r" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."jsn" IN (?, ?) ORDER BY "r"."id" LIMIT ?;
-- newest
SELECT MAX("r"."ozgertilgen") FROM "tulgha" AS "r" LIMIT 1;

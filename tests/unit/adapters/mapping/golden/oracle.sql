-- fetch
SELECT "r"."id" AS "c0", "r"."aty" AS "c1", "r"."tegi" AS "c2", "r"."akesinin_aty" AS "c3", "r"."tughan_kuni" AS "c4", "r"."jynysy" AS "c5", "r"."azamattyq" AS "c6", "r"."jsn" AS "c7", "j0"."aty" AS "c8", "r"."sebep" AS "c9", "r"."qauip" AS "c10", "r"."ozgertilgen" AS "c11" FROM "tulgha" "r" LEFT JOIN "qala" "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."id" IN (:1, :2) ORDER BY "r"."id" FETCH FIRST :3 ROWS ONLY;
-- names
SELECT "r"."id" AS "c0", "r"."aty" AS "c1", "r"."tegi" AS "c2", "r"."akesinin_aty" AS "c3" FROM "tulgha" "r" WHERE ("r"."joyuly" = 0) AND NOT "r"."id" IS NULL ORDER BY "r"."id" FETCH FIRST :1 ROWS ONLY;
-- names after
SELECT "r"."id" AS "c0", "r"."aty" AS "c1", "r"."tegi" AS "c2", "r"."akesinin_aty" AS "c3" FROM "tulgha" "r" WHERE (("r"."joyuly" = 0) AND NOT "r"."id" IS NULL) AND "r"."id" > :1 ORDER BY "r"."id" FETCH FIRST :2 ROWS ONLY;
-- child qujat
SELECT "r"."id" AS "c0", "m"."nomir" AS "c1", "m"."seria" AS "c2", "m"."turi" AS "c3" FROM "tulgha" "r" INNER JOIN "qujat" "m" ON "m"."tulgha_id" = "r"."id" WHERE ("m"."joyuly" = 0) AND "r"."id" IN (:1, :2) ORDER BY "r"."id", "m"."nomir", "m"."seria", "m"."turi" FETCH FIRST :3 ROWS ONLY;
-- lookup qujat.nomir
SELECT "r"."id" AS "c0", "r"."aty" AS "c1", "r"."tegi" AS "c2", "r"."akesinin_aty" AS "c3", "r"."tughan_kuni" AS "c4", "r"."jynysy" AS "c5", "r"."azamattyq" AS "c6", "r"."jsn" AS "c7", "j0"."aty" AS "c8", "r"."sebep" AS "c9", "r"."qauip" AS "c10", "r"."ozgertilgen" AS "c11" FROM "qujat" "m" INNER JOIN "tulgha" "r" ON "m"."tulgha_id" = "r"."id" LEFT JOIN "qala" "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ((("r"."joyuly" = 0) AND ("m"."joyuly" = 0)) AND "m"."nomir" IN (:1, :2)) AND ("m"."seria" IN (:3, :4) OR "m"."seria" IS NULL) ORDER BY "r"."id" FETCH FIRST :5 ROWS ONLY;
-- lookup tulgha.jsn
SELECT "r"."id" AS "c0", "r"."aty" AS "c1", "r"."tegi" AS "c2", "r"."akesinin_aty" AS "c3", "r"."tughan_kuni" AS "c4", "r"."jynysy" AS "c5", "r"."azamattyq" AS "c6", "r"."jsn" AS "c7", "j0"."aty" AS "c8", "r"."sebep" AS "c9", "r"."qauip" AS "c10", "r"."ozgertilgen" AS "c11" FROM "tulgha" "r" LEFT JOIN "qala" "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."jsn" IN (:1, :2) ORDER BY "r"."id" FETCH FIRST :3 ROWS ONLY;
-- newest
SELECT MAX("r"."ozgertilgen") FROM "tulgha" "r" FETCH FIRST 1 ROWS ONLY;

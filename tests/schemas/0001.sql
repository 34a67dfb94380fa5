BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'archive','core_tables','2026-11-25 20:48:48.631074+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'archive','run_tables','2026-11-25 20:48:48.636407+00:00');
CREATE TABLE "article_files" (
   "article" INTEGER REFERENCES "articles"("id"),
   "url" TEXT,
   "name" TEXT,
   "sha256" TEXT,
   "position" INTEGER,
   PRIMARY KEY ("article", "url")
);
INSERT INTO "article_files" VALUES(926403337334404,'http://127.0.0.1:1/so.pdf','Sổ góp tre',NULL,0);
CREATE TABLE "article_images" (
   "article" INTEGER REFERENCES "articles"("id"),
   "url" TEXT,
   "caption" TEXT,
   "position" INTEGER,
   PRIMARY KEY ("article", "url")
);
INSERT INTO "article_images" VALUES(926403337334404,'http://127.0.0.1:1/cau.jpg','Cầu',0);
CREATE TABLE "article_sections" (
   "article" INTEGER REFERENCES "articles"("id"),
   "section" TEXT,
   "position" INTEGER,
   PRIMARY KEY ("article", "section")
);
INSERT INTO "article_sections" VALUES(926403337334404,'Chuyện xóm',0);
INSERT INTO "article_sections" VALUES(926403337334404,'Cầu đường',1);
CREATE TABLE "article_tags" (
   "article" INTEGER REFERENCES "articles"("id"),
   "tag" TEXT,
   "position" INTEGER,
   PRIMARY KEY ("article", "tag")
);
INSERT INTO "article_tags" VALUES(926403337334404,'tre',0);
CREATE TABLE "articles" (
   "id" INTEGER PRIMARY KEY,
   "portal" TEXT NOT NULL REFERENCES "portals"("key"),
   "key" TEXT NOT NULL,
   "url" TEXT NOT NULL,
   "title" TEXT NOT NULL,
   "lead" TEXT,
   "body" TEXT,
   "body_html" TEXT,
   "published" TEXT,
   "published_text" TEXT,
   "author" TEXT,
   "source" TEXT,
   "section" TEXT,
   "views" INTEGER,
   "comments" INTEGER,
   "image" TEXT,
   "topic" TEXT,
   "relevance" REAL,
   "relevance_why" TEXT,
   "first_seen" TEXT NOT NULL,
   "last_seen" TEXT NOT NULL,
   "changed" TEXT,
   "gone" TEXT,
   "revision_count" INTEGER,
   "text_sha256" TEXT NOT NULL,
   "reader" TEXT,
   "snapshot" INTEGER
);
INSERT INTO "articles" VALUES(926403337334404,'song_lam','vi/news/2','http://127.0.0.1:1/vi/news/bai-2.html','Xóm Rẫy dựng cầu tre','','Mười ba nhà góp tre.','<p>Mười hai nhà góp tre.</p>','2021-05-02T08:30:00+07:00','08:30','','','Chuyện xóm',12,0,NULL,NULL,NULL,NULL,'2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00',NULL,2,'8993bc0b557a8d8b8a9cd24946fb6ed6bd68eddc3ed0c1ba0b774851ce884cd1','nukeviet/1',NULL);
INSERT INTO "articles" VALUES(2509130211548723,'song_lam','vi/news/3','http://127.0.0.1:1/vi/news/bai-3.html','Lớp học chữ ''ban đêm''; có đèn dầu','Bà Bảy dạy.','Tám học trò, người trẻ nhất bảy mươi.','<p>Tám học trò, người trẻ nhất bảy mươi.</p>','2021-05-03T08:30:00+07:00','08:30','','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00',NULL,NULL,1,'d7bf6a4c862c6cd3299f0342fd96c1ec4bc2fcc8c3387710a5d172e4a3055557','nukeviet/1',NULL);
INSERT INTO "articles" VALUES(4506005548093921,'song_lam','vi/news/1','http://127.0.0.1:1/vi/news/bai-1.html','Ong Sáu vá lưới bên bến','Lưới rách từ mùa nước.','Ba tấm lưới.

Một buổi chiều.','<p>Ba tấm lưới.

Một buổi chiều.</p>','2021-05-01T08:30:00+07:00','08:30','','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00',NULL,NULL,1,'42b53119c19fb69f52933484eb731b9e40a35a23d8c4e557773a0fa4edd93c9e','nukeviet/1',NULL);
CREATE TABLE "citations" (
   "article" INTEGER REFERENCES "articles"("id"),
   "document" INTEGER REFERENCES "documents"("id"),
   "quote" TEXT,
   PRIMARY KEY ("article", "document")
);
CREATE TABLE "documents" (
   "id" INTEGER PRIMARY KEY,
   "kind" TEXT,
   "number" TEXT,
   "code" TEXT,
   "issuer" TEXT,
   "date" TEXT
);
CREATE TABLE "frontier" (
   "portal" TEXT,
   "kind" TEXT,
   "key" TEXT,
   "url" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "due" TEXT NOT NULL,
   "tries" INTEGER,
   "found" TEXT,
   "fetched" TEXT,
   "status" INTEGER,
   "outcome" TEXT,
   "article" INTEGER,
   PRIMARY KEY ("portal", "kind", "key")
);
INSERT INTO "frontier" VALUES('song_lam','article','bai-1','http://127.0.0.1:1/vi/news/bai-1.html','done','2026-03-02T02:00:00+07:00',0,NULL,NULL,NULL,NULL,4506005548093921);
CREATE TABLE "portals" (
   "key" TEXT PRIMARY KEY,
   "name" TEXT NOT NULL,
   "url" TEXT NOT NULL,
   "cms" TEXT NOT NULL,
   "province" TEXT,
   "keep" TEXT,
   "enabled" INTEGER,
   "verified" INTEGER,
   "note" TEXT,
   "succeeds" TEXT
);
INSERT INTO "portals" VALUES('song_lam','Sông Lam','http://127.0.0.1:1/','nukeviet','Sông Lam','all',1,0,NULL,NULL);
CREATE TABLE "provinces" (
   "code" TEXT,
   "name" TEXT,
   "type" TEXT,
   "valid_from" TEXT,
   "valid_to" TEXT,
   "became" TEXT,
   "spellings" TEXT,
   PRIMARY KEY ("name", "valid_from")
);
CREATE TABLE "reprints" (
   "article" INTEGER REFERENCES "articles"("id"),
   "original" INTEGER,
   "similarity" REAL,
   PRIMARY KEY ("article", "original")
);
CREATE TABLE "revisions" (
   "article" INTEGER REFERENCES "articles"("id"),
   "number" INTEGER,
   "seen" TEXT,
   "title" TEXT,
   "lead" TEXT,
   "body" TEXT,
   "text_sha256" TEXT,
   PRIMARY KEY ("article", "number")
);
INSERT INTO "revisions" VALUES(4506005548093921,1,'2026-03-01T02:00:00+07:00','Ong Sáu vá lưới bên bến','Lưới rách từ mùa nước.','Ba tấm lưới.

Một buổi chiều.','42b53119c19fb69f52933484eb731b9e40a35a23d8c4e557773a0fa4edd93c9e');
INSERT INTO "revisions" VALUES(926403337334404,1,'2026-03-01T02:00:00+07:00','Xóm Rẫy dựng cầu tre','','Mười hai nhà góp tre.','9a9712f87589fab478d82ca4213852fbb5f655bb812c30f0b8f13dccb0631c6c');
INSERT INTO "revisions" VALUES(2509130211548723,1,'2026-03-01T02:00:00+07:00','Lớp học chữ ''ban đêm''; có đèn dầu','Bà Bảy dạy.','Tám học trò, người trẻ nhất bảy mươi.','d7bf6a4c862c6cd3299f0342fd96c1ec4bc2fcc8c3387710a5d172e4a3055557');
INSERT INTO "revisions" VALUES(926403337334404,2,'2026-03-01T02:00:00+07:00','Xóm Rẫy dựng cầu tre','','Mười ba nhà góp tre.','8993bc0b557a8d8b8a9cd24946fb6ed6bd68eddc3ed0c1ba0b774851ce884cd1');
CREATE TABLE "run_portals" (
   "run" INTEGER REFERENCES "runs"("id"),
   "portal" TEXT,
   "started" TEXT,
   "finished" TEXT,
   "requests" INTEGER,
   "new" INTEGER,
   "changed" INTEGER,
   "unchanged" INTEGER,
   "failed" INTEGER,
   "outcomes" TEXT,
   "verdict" TEXT,
   PRIMARY KEY ("run", "portal")
);
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "started" TEXT,
   "finished" TEXT,
   "command" TEXT,
   "exit_code" INTEGER,
   "reason" TEXT
);
INSERT INTO "runs" VALUES(1,'2026-03-01T02:00:00+07:00','2026-03-01T02:05:00+07:00','nightly',0,NULL);
CREATE TABLE "urls" (
   "url" TEXT PRIMARY KEY,
   "article" INTEGER REFERENCES "articles"("id")
);
INSERT INTO "urls" VALUES('http://127.0.0.1:1/vi/news/bai-1.html',4506005548093921);
INSERT INTO "urls" VALUES('http://127.0.0.1:1/vi/news/bai-3.html',2509130211548723);
INSERT INTO "urls" VALUES('http://127.0.0.1:1/vi/news/bai-2.html',926403337334404);
CREATE TABLE "view_counts" (
   "article" INTEGER REFERENCES "articles"("id"),
   "seen" TEXT,
   "views" INTEGER,
   PRIMARY KEY ("article", "seen")
);
CREATE TABLE "withdrawals" (
   "article" INTEGER REFERENCES "articles"("id"),
   "noticed" TEXT,
   "confirmed" TEXT,
   "returned" TEXT,
   "how" TEXT,
   PRIMARY KEY ("article", "noticed")
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "idx_articles_portal_key"
    ON "articles" ("portal", "key");
CREATE INDEX "idx_articles_published"
    ON "articles" ("published");
CREATE INDEX "idx_articles_portal_published"
    ON "articles" ("portal", "published");
CREATE INDEX "idx_articles_section"
    ON "articles" ("section");
CREATE INDEX "idx_article_sections_section"
    ON "article_sections" ("section");
CREATE INDEX "idx_article_tags_tag"
    ON "article_tags" ("tag");
CREATE INDEX "idx_citations_document"
    ON "citations" ("document");
CREATE INDEX "idx_reprints_original"
    ON "reprints" ("original");
CREATE INDEX "idx_urls_article"
    ON "urls" ("article");
CREATE INDEX "idx_frontier_portal_state_due"
    ON "frontier" ("portal", "state", "due");
COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'archive','core_tables','2026-11-26 11:31:37.329848+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'archive','run_tables','2026-11-26 11:31:37.331169+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'archive','relevance_rules','2026-11-26 11:31:37.331736+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'archive','layout_tables','2026-11-26 11:31:37.332309+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'archive','memory_tables','2026-11-26 11:31:37.333722+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'archive','province_tables','2026-11-26 11:31:37.334495+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'archive','what_citations_say','2026-11-26 11:31:37.335451+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'archive','reprint_index','2026-11-26 11:31:37.336067+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'archive','withheld_table','2026-11-26 11:31:37.336388+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'archive','kept_files','2026-11-26 11:31:37.341035+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'archive','change_log','2026-11-26 11:31:37.343910+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'archive','night_costs','2026-11-26 11:31:37.359651+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'archive','health_of_portals','2026-11-26 11:31:37.362035+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'archive','certificates_table','2026-11-26 11:31:37.362555+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'archive','notes_table','2026-11-26 11:31:37.362918+00:00');
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
CREATE TABLE article_provinces (article integer not null references articles(id) on delete cascade, how text not null, province text not null, primary key (article, how, province)) without rowid;
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
, "relevance_rules" TEXT);
INSERT INTO "articles" VALUES(926403337334404,'song_lam','vi/news/2','http://127.0.0.1:1/vi/news/bai-2.html','Xóm Rẫy dựng cầu tre','','Mười ba nhà góp tre.','<p>Mười hai nhà góp tre.</p>','2021-05-02T08:30:00+07:00','08:30','','','Chuyện xóm',12,0,NULL,NULL,NULL,NULL,'2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00',NULL,2,'8993bc0b557a8d8b8a9cd24946fb6ed6bd68eddc3ed0c1ba0b774851ce884cd1','nukeviet/1',NULL,NULL);
INSERT INTO "articles" VALUES(2509130211548723,'song_lam','vi/news/3','http://127.0.0.1:1/vi/news/bai-3.html','Lớp học chữ ''ban đêm''; có đèn dầu','Bà Bảy dạy.','Tám học trò, người trẻ nhất bảy mươi.','<p>Tám học trò, người trẻ nhất bảy mươi.</p>','2021-05-03T08:30:00+07:00','08:30','','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00',NULL,NULL,1,'d7bf6a4c862c6cd3299f0342fd96c1ec4bc2fcc8c3387710a5d172e4a3055557','nukeviet/1',NULL,NULL);
INSERT INTO "articles" VALUES(4506005548093921,'song_lam','vi/news/1','http://127.0.0.1:1/vi/news/bai-1.html','Ong Sáu vá lưới bên bến','Lưới rách từ mùa nước.','Ba tấm lưới.

Một buổi chiều.','<p>Ba tấm lưới.

Một buổi chiều.</p>','2021-05-01T08:30:00+07:00','08:30','','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-03-01T02:00:00+07:00','2026-03-01T02:00:00+07:00',NULL,NULL,1,'42b53119c19fb69f52933484eb731b9e40a35a23d8c4e557773a0fa4edd93c9e','nukeviet/1',NULL,NULL);
CREATE TABLE "certificates" (
   "portal" TEXT,
   "host" TEXT,
   "verdict" TEXT NOT NULL,
   "protocol" TEXT NOT NULL,
   "issuer" TEXT,
   "expires" TEXT,
   "noticed" TEXT NOT NULL,
   "seen" TEXT NOT NULL,
   PRIMARY KEY ("portal", "host")
);
CREATE TABLE "changes" (
   "article" INTEGER PRIMARY KEY,
   "number" INTEGER NOT NULL
);
INSERT INTO "changes" VALUES(926403337334404,17);
INSERT INTO "changes" VALUES(2509130211548723,15);
INSERT INTO "changes" VALUES(4506005548093921,3);
CREATE TABLE "citations" (
   "article" INTEGER REFERENCES "articles"("id"),
   "document" INTEGER REFERENCES "documents"("id"),
   "quote" TEXT, "kind" TEXT, "issuer" TEXT, "date" TEXT,
   PRIMARY KEY ("article", "document")
);
CREATE TABLE "conditional_hosts" (
   "host" TEXT PRIMARY KEY,
   "ignored" INTEGER,
   "since" TEXT
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
   "article" INTEGER, "reason" TEXT, "listing" TEXT, "lists" TEXT, "oldest" TEXT, "newest" TEXT, "etag" TEXT, "modified" TEXT, "whole" TEXT, "round" INTEGER, "listed" INTEGER,
   PRIMARY KEY ("portal", "kind", "key")
);
INSERT INTO "frontier" VALUES('song_lam','article','bai-1','http://127.0.0.1:1/vi/news/bai-1.html','done','2026-03-02T02:00:00+07:00',0,NULL,NULL,NULL,NULL,4506005548093921,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE "layouts" (
   "portal" TEXT,
   "number" INTEGER,
   "learned" TEXT,
   "pages" INTEGER,
   "template" TEXT,
   "recent" TEXT,
   PRIMARY KEY ("portal", "number")
);
CREATE TABLE "missing" (
   "article" INTEGER PRIMARY KEY REFERENCES "articles"("id"),
   "noticed" TEXT NOT NULL,
   "how" TEXT NOT NULL
);
CREATE TABLE "notes" (
   "portal" TEXT,
   "kind" TEXT,
   "key" TEXT,
   "number" INTEGER NOT NULL,
   PRIMARY KEY ("portal", "kind", "key")
);
CREATE TABLE "portal_signs" (
   "portal" TEXT,
   "kind" TEXT,
   "sign" TEXT,
   "pages" INTEGER,
   "seen" TEXT,
   PRIMARY KEY ("portal", "kind", "sign")
);
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
   "spellings" TEXT, "slug" TEXT, "today" TEXT,
   PRIMARY KEY ("name", "valid_from")
);
INSERT INTO "provinces" VALUES('01','Hà Nội','thành phố trực thuộc Trung ương','','2008-07-31','Hà Nội','','ha-noi-truoc-2008','ha-noi');
INSERT INTO "provinces" VALUES('01','Hà Nội','thành phố trực thuộc Trung ương','2008-08-01',NULL,NULL,'','ha-noi','ha-noi');
INSERT INTO "provinces" VALUES('02','Hà Giang','tỉnh','','2025-06-30','Tuyên Quang','','ha-giang','tuyen-quang');
INSERT INTO "provinces" VALUES('04','Cao Bằng','tỉnh','',NULL,NULL,'','cao-bang','cao-bang');
INSERT INTO "provinces" VALUES('06','Bắc Kạn','tỉnh','','2025-06-30','Thái Nguyên','Bắc Cạn','bac-kan','thai-nguyen');
INSERT INTO "provinces" VALUES('08','Tuyên Quang','tỉnh','','2025-06-30','Tuyên Quang','','tuyen-quang-truoc-2025','tuyen-quang');
INSERT INTO "provinces" VALUES('10','Lào Cai','tỉnh','','2025-06-30','Lào Cai','','lao-cai-truoc-2025','lao-cai');
INSERT INTO "provinces" VALUES('11','Điện Biên','tỉnh','',NULL,NULL,'','dien-bien','dien-bien');
INSERT INTO "provinces" VALUES('12','Lai Châu','tỉnh','',NULL,NULL,'','lai-chau','lai-chau');
INSERT INTO "provinces" VALUES('14','Sơn La','tỉnh','',NULL,NULL,'','son-la','son-la');
INSERT INTO "provinces" VALUES('15','Yên Bái','tỉnh','','2025-06-30','Lào Cai','','yen-bai','lao-cai');
INSERT INTO "provinces" VALUES('17','Hòa Bình','tỉnh','','2025-06-30','Phú Thọ','Hoà Bình','hoa-binh','phu-tho');
INSERT INTO "provinces" VALUES('19','Thái Nguyên','tỉnh','','2025-06-30','Thái Nguyên','','thai-nguyen-truoc-2025','thai-nguyen');
INSERT INTO "provinces" VALUES('20','Lạng Sơn','tỉnh','',NULL,NULL,'','lang-son','lang-son');
INSERT INTO "provinces" VALUES('22','Quảng Ninh','tỉnh','',NULL,NULL,'','quang-ninh','quang-ninh');
INSERT INTO "provinces" VALUES('24','Bắc Giang','tỉnh','','2025-06-30','Bắc Ninh','','bac-giang','bac-ninh');
INSERT INTO "provinces" VALUES('25','Phú Thọ','tỉnh','','2025-06-30','Phú Thọ','','phu-tho-truoc-2025','phu-tho');
INSERT INTO "provinces" VALUES('26','Vĩnh Phúc','tỉnh','','2025-06-30','Phú Thọ','','vinh-phuc','phu-tho');
INSERT INTO "provinces" VALUES('27','Bắc Ninh','tỉnh','','2025-06-30','Bắc Ninh','','bac-ninh-truoc-2025','bac-ninh');
INSERT INTO "provinces" VALUES('28','Hà Tây','tỉnh','','2008-07-31','Hà Nội','','ha-tay','ha-noi');
INSERT INTO "provinces" VALUES('30','Hải Dương','tỉnh','','2025-06-30','Hải Phòng','','hai-duong','hai-phong');
INSERT INTO "provinces" VALUES('31','Hải Phòng','thành phố trực thuộc Trung ương','','2025-06-30','Hải Phòng','','hai-phong-truoc-2025','hai-phong');
INSERT INTO "provinces" VALUES('33','Hưng Yên','tỉnh','','2025-06-30','Hưng Yên','','hung-yen-truoc-2025','hung-yen');
INSERT INTO "provinces" VALUES('34','Thái Bình','tỉnh','','2025-06-30','Hưng Yên','','thai-binh','hung-yen');
INSERT INTO "provinces" VALUES('35','Hà Nam','tỉnh','','2025-06-30','Ninh Bình','','ha-nam','ninh-binh');
INSERT INTO "provinces" VALUES('36','Nam Định','tỉnh','','2025-06-30','Ninh Bình','','nam-dinh','ninh-binh');
INSERT INTO "provinces" VALUES('37','Ninh Bình','tỉnh','','2025-06-30','Ninh Bình','','ninh-binh-truoc-2025','ninh-binh');
INSERT INTO "provinces" VALUES('38','Thanh Hóa','tỉnh','',NULL,NULL,'Thanh Hoá','thanh-hoa','thanh-hoa');
INSERT INTO "provinces" VALUES('40','Nghệ An','tỉnh','',NULL,NULL,'','nghe-an','nghe-an');
INSERT INTO "provinces" VALUES('42','Hà Tĩnh','tỉnh','',NULL,NULL,'','ha-tinh','ha-tinh');
INSERT INTO "provinces" VALUES('44','Quảng Bình','tỉnh','','2025-06-30','Quảng Trị','','quang-binh','quang-tri');
INSERT INTO "provinces" VALUES('45','Quảng Trị','tỉnh','','2025-06-30','Quảng Trị','','quang-tri-truoc-2025','quang-tri');
INSERT INTO "provinces" VALUES('46','Thừa Thiên Huế','tỉnh','','2024-12-31','Huế','Thừa Thiên - Huế|Thừa Thiên-Huế|TT Huế|TT-Huế|TT. Huế|Huế','thua-thien-hue','hue');
INSERT INTO "provinces" VALUES('48','Đà Nẵng','thành phố trực thuộc Trung ương','','2025-06-30','Đà Nẵng','','da-nang-truoc-2025','da-nang');
INSERT INTO "provinces" VALUES('49','Quảng Nam','tỉnh','','2025-06-30','Đà Nẵng','','quang-nam','da-nang');
INSERT INTO "provinces" VALUES('51','Quảng Ngãi','tỉnh','','2025-06-30','Quảng Ngãi','','quang-ngai-truoc-2025','quang-ngai');
INSERT INTO "provinces" VALUES('52','Bình Định','tỉnh','','2025-06-30','Gia Lai','','binh-dinh','gia-lai');
INSERT INTO "provinces" VALUES('54','Phú Yên','tỉnh','','2025-06-30','Đắk Lắk','','phu-yen','dak-lak');
INSERT INTO "provinces" VALUES('56','Khánh Hòa','tỉnh','','2025-06-30','Khánh Hòa','Khánh Hoà','khanh-hoa-truoc-2025','khanh-hoa');
INSERT INTO "provinces" VALUES('58','Ninh Thuận','tỉnh','','2025-06-30','Khánh Hòa','','ninh-thuan','khanh-hoa');
INSERT INTO "provinces" VALUES('60','Bình Thuận','tỉnh','','2025-06-30','Lâm Đồng','','binh-thuan','lam-dong');
INSERT INTO "provinces" VALUES('62','Kon Tum','tỉnh','','2025-06-30','Quảng Ngãi','Kontum|KonTum|Kon-Tum','kon-tum','quang-ngai');
INSERT INTO "provinces" VALUES('64','Gia Lai','tỉnh','','2025-06-30','Gia Lai','','gia-lai-truoc-2025','gia-lai');
INSERT INTO "provinces" VALUES('66','Đắk Lắk','tỉnh','','2025-06-30','Đắk Lắk','Đắc Lắc|Đắk Lắc|Đắc Lắk|Đăk Lăk|Đăk Lắk|Đắk Lăk|Đăc Lăc|Đak Lak|ĐakLak|Dak Lak|DakLak|Daklak','dak-lak-truoc-2025','dak-lak');
INSERT INTO "provinces" VALUES('67','Đắk Nông','tỉnh','','2025-06-30','Lâm Đồng','Đắc Nông|Đăk Nông|Đăc Nông|Đak Nông|Dak Nong|DakNong|Daknong','dak-nong','lam-dong');
INSERT INTO "provinces" VALUES('68','Lâm Đồng','tỉnh','','2025-06-30','Lâm Đồng','','lam-dong-truoc-2025','lam-dong');
INSERT INTO "provinces" VALUES('70','Bình Phước','tỉnh','','2025-06-30','Đồng Nai','','binh-phuoc','dong-nai');
INSERT INTO "provinces" VALUES('72','Tây Ninh','tỉnh','','2025-06-30','Tây Ninh','','tay-ninh-truoc-2025','tay-ninh');
INSERT INTO "provinces" VALUES('74','Bình Dương','tỉnh','','2025-06-30','TP Hồ Chí Minh','','binh-duong','tp-ho-chi-minh');
INSERT INTO "provinces" VALUES('75','Đồng Nai','tỉnh','','2025-06-30','Đồng Nai','','dong-nai-truoc-2025','dong-nai');
INSERT INTO "provinces" VALUES('77','Bà Rịa - Vũng Tàu','tỉnh','','2025-06-30','TP Hồ Chí Minh','Bà Rịa-Vũng Tàu|Bà Rịa Vũng Tàu|Bà Rịa – Vũng Tàu|BR-VT|BRVT','ba-ria-vung-tau','tp-ho-chi-minh');
INSERT INTO "provinces" VALUES('79','TP Hồ Chí Minh','thành phố trực thuộc Trung ương','','2025-06-30','TP Hồ Chí Minh','Thành phố Hồ Chí Minh|TP. Hồ Chí Minh|TP.Hồ Chí Minh|TP HCM|TP.HCM|TP. HCM|TPHCM|Thành phố HCM','tp-ho-chi-minh-truoc-2025','tp-ho-chi-minh');
INSERT INTO "provinces" VALUES('80','Long An','tỉnh','','2025-06-30','Tây Ninh','','long-an','tay-ninh');
INSERT INTO "provinces" VALUES('82','Tiền Giang','tỉnh','','2025-06-30','Đồng Tháp','','tien-giang','dong-thap');
INSERT INTO "provinces" VALUES('83','Bến Tre','tỉnh','','2025-06-30','Vĩnh Long','','ben-tre','vinh-long');
INSERT INTO "provinces" VALUES('84','Trà Vinh','tỉnh','','2025-06-30','Vĩnh Long','','tra-vinh','vinh-long');
INSERT INTO "provinces" VALUES('86','Vĩnh Long','tỉnh','','2025-06-30','Vĩnh Long','','vinh-long-truoc-2025','vinh-long');
INSERT INTO "provinces" VALUES('87','Đồng Tháp','tỉnh','','2025-06-30','Đồng Tháp','','dong-thap-truoc-2025','dong-thap');
INSERT INTO "provinces" VALUES('89','An Giang','tỉnh','','2025-06-30','An Giang','','an-giang-truoc-2025','an-giang');
INSERT INTO "provinces" VALUES('91','Kiên Giang','tỉnh','','2025-06-30','An Giang','','kien-giang','an-giang');
INSERT INTO "provinces" VALUES('92','Cần Thơ','thành phố trực thuộc Trung ương','','2025-06-30','Cần Thơ','','can-tho-truoc-2025','can-tho');
INSERT INTO "provinces" VALUES('93','Hậu Giang','tỉnh','','2025-06-30','Cần Thơ','','hau-giang','can-tho');
INSERT INTO "provinces" VALUES('94','Sóc Trăng','tỉnh','','2025-06-30','Cần Thơ','','soc-trang','can-tho');
INSERT INTO "provinces" VALUES('95','Bạc Liêu','tỉnh','','2025-06-30','Cà Mau','','bac-lieu','ca-mau');
INSERT INTO "provinces" VALUES('96','Cà Mau','tỉnh','','2025-06-30','Cà Mau','','ca-mau-truoc-2025','ca-mau');
INSERT INTO "provinces" VALUES('08','Tuyên Quang','tỉnh','2025-07-01',NULL,NULL,'','tuyen-quang','tuyen-quang');
INSERT INTO "provinces" VALUES('15','Lào Cai','tỉnh','2025-07-01',NULL,NULL,'','lao-cai','lao-cai');
INSERT INTO "provinces" VALUES('19','Thái Nguyên','tỉnh','2025-07-01',NULL,NULL,'','thai-nguyen','thai-nguyen');
INSERT INTO "provinces" VALUES('24','Bắc Ninh','tỉnh','2025-07-01',NULL,NULL,'','bac-ninh','bac-ninh');
INSERT INTO "provinces" VALUES('25','Phú Thọ','tỉnh','2025-07-01',NULL,NULL,'','phu-tho','phu-tho');
INSERT INTO "provinces" VALUES('31','Hải Phòng','thành phố trực thuộc Trung ương','2025-07-01',NULL,NULL,'','hai-phong','hai-phong');
INSERT INTO "provinces" VALUES('33','Hưng Yên','tỉnh','2025-07-01',NULL,NULL,'','hung-yen','hung-yen');
INSERT INTO "provinces" VALUES('37','Ninh Bình','tỉnh','2025-07-01',NULL,NULL,'','ninh-binh','ninh-binh');
INSERT INTO "provinces" VALUES('44','Quảng Trị','tỉnh','2025-07-01',NULL,NULL,'','quang-tri','quang-tri');
INSERT INTO "provinces" VALUES('46','Huế','thành phố trực thuộc Trung ương','2025-01-01',NULL,NULL,'','hue','hue');
INSERT INTO "provinces" VALUES('48','Đà Nẵng','thành phố trực thuộc Trung ương','2025-07-01',NULL,NULL,'','da-nang','da-nang');
INSERT INTO "provinces" VALUES('51','Quảng Ngãi','tỉnh','2025-07-01',NULL,NULL,'','quang-ngai','quang-ngai');
INSERT INTO "provinces" VALUES('52','Gia Lai','tỉnh','2025-07-01',NULL,NULL,'','gia-lai','gia-lai');
INSERT INTO "provinces" VALUES('56','Khánh Hòa','tỉnh','2025-07-01',NULL,NULL,'Khánh Hoà','khanh-hoa','khanh-hoa');
INSERT INTO "provinces" VALUES('66','Đắk Lắk','tỉnh','2025-07-01',NULL,NULL,'Đắc Lắc|Đắk Lắc|Đắc Lắk|Đăk Lăk|Đăk Lắk|Đắk Lăk|Đăc Lăc|Đak Lak|ĐakLak|Dak Lak|DakLak|Daklak','dak-lak','dak-lak');
INSERT INTO "provinces" VALUES('68','Lâm Đồng','tỉnh','2025-07-01',NULL,NULL,'','lam-dong','lam-dong');
INSERT INTO "provinces" VALUES('75','Đồng Nai','tỉnh','2025-07-01',NULL,NULL,'','dong-nai','dong-nai');
INSERT INTO "provinces" VALUES('79','TP Hồ Chí Minh','thành phố trực thuộc Trung ương','2025-07-01',NULL,NULL,'Thành phố Hồ Chí Minh|TP. Hồ Chí Minh|TP.Hồ Chí Minh|TP HCM|TP.HCM|TP. HCM|TPHCM|Thành phố HCM','tp-ho-chi-minh','tp-ho-chi-minh');
INSERT INTO "provinces" VALUES('80','Tây Ninh','tỉnh','2025-07-01',NULL,NULL,'','tay-ninh','tay-ninh');
INSERT INTO "provinces" VALUES('82','Đồng Tháp','tỉnh','2025-07-01',NULL,NULL,'','dong-thap','dong-thap');
INSERT INTO "provinces" VALUES('86','Vĩnh Long','tỉnh','2025-07-01',NULL,NULL,'','vinh-long','vinh-long');
INSERT INTO "provinces" VALUES('91','An Giang','tỉnh','2025-07-01',NULL,NULL,'','an-giang','an-giang');
INSERT INTO "provinces" VALUES('92','Cần Thơ','thành phố trực thuộc Trung ương','2025-07-01',NULL,NULL,'','can-tho','can-tho');
INSERT INTO "provinces" VALUES('96','Cà Mau','tỉnh','2025-07-01',NULL,NULL,'','ca-mau','ca-mau');
CREATE TABLE "publishings" (
   "token" TEXT PRIMARY KEY,
   "number" INTEGER NOT NULL,
   "made" TEXT NOT NULL
);
CREATE TABLE reprint_bands (key integer not null, number integer not null, primary key (key, number)) without rowid;
CREATE TABLE "reprint_state" (
   "version" INTEGER,
   "position" INTEGER
);
CREATE TABLE "reprint_texts" (
   "number" INTEGER PRIMARY KEY,
   "article" INTEGER NOT NULL,
   "first" TEXT NOT NULL,
   "digest" INTEGER NOT NULL,
   "sketch" BLOB
);
INSERT INTO "reprint_texts" VALUES(1,4506005548093921,'2021-05-01T08:30:00+07:00',7438758669394684680,NULL);
INSERT INTO "reprint_texts" VALUES(3,2509130211548723,'2021-05-03T08:30:00+07:00',-3409849764458010731,NULL);
INSERT INTO "reprint_texts" VALUES(4,926403337334404,'2021-05-02T08:30:00+07:00',-7591507056251901130,NULL);
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
   "text_sha256" TEXT, "snapshot" INTEGER,
   PRIMARY KEY ("article", "number")
);
INSERT INTO "revisions" VALUES(4506005548093921,1,'2026-03-01T02:00:00+07:00','Ong Sáu vá lưới bên bến','Lưới rách từ mùa nước.','Ba tấm lưới.

Một buổi chiều.','42b53119c19fb69f52933484eb731b9e40a35a23d8c4e557773a0fa4edd93c9e',NULL);
INSERT INTO "revisions" VALUES(926403337334404,1,'2026-03-01T02:00:00+07:00','Xóm Rẫy dựng cầu tre','','Mười hai nhà góp tre.','9a9712f87589fab478d82ca4213852fbb5f655bb812c30f0b8f13dccb0631c6c',NULL);
INSERT INTO "revisions" VALUES(2509130211548723,1,'2026-03-01T02:00:00+07:00','Lớp học chữ ''ban đêm''; có đèn dầu','Bà Bảy dạy.','Tám học trò, người trẻ nhất bảy mươi.','d7bf6a4c862c6cd3299f0342fd96c1ec4bc2fcc8c3387710a5d172e4a3055557',NULL);
INSERT INTO "revisions" VALUES(926403337334404,2,'2026-03-01T02:00:00+07:00','Xóm Rẫy dựng cầu tre','','Mười ba nhà góp tre.','8993bc0b557a8d8b8a9cd24946fb6ed6bd68eddc3ed0c1ba0b774851ce884cd1',NULL);
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
   "verdict" TEXT, "purposes" TEXT, "measured" TEXT, "health" TEXT,
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
CREATE TABLE "samples" (
   "portal" TEXT,
   "url" TEXT,
   "kind" TEXT,
   "key" TEXT,
   "fetched" TEXT,
   "state" TEXT,
   "page" BLOB, "headers" TEXT,
   PRIMARY KEY ("portal", "url")
);
CREATE TABLE "sweeps" (
   "portal" TEXT,
   "listing" TEXT,
   "due" TEXT,
   "round" INTEGER,
   PRIMARY KEY ("portal", "listing")
);
CREATE TABLE "urls" (
   "url" TEXT PRIMARY KEY,
   "article" INTEGER REFERENCES "articles"("id")
);
INSERT INTO "urls" VALUES('http://127.0.0.1:1/vi/news/bai-1.html',4506005548093921);
INSERT INTO "urls" VALUES('http://127.0.0.1:1/vi/news/bai-2.html',926403337334404);
INSERT INTO "urls" VALUES('http://127.0.0.1:1/vi/news/bai-3.html',2509130211548723);
CREATE TABLE "view_counts" (
   "article" INTEGER REFERENCES "articles"("id"),
   "seen" TEXT,
   "views" INTEGER, "comments" INTEGER,
   PRIMARY KEY ("article", "seen")
);
INSERT INTO "view_counts" VALUES(926403337334404,'2026-03-01T02:00:00+07:00',12,0);
CREATE TABLE "ways" (
   "portal" TEXT PRIMARY KEY,
   "caught_up" TEXT,
   "untruthful" TEXT,
   "evidence" TEXT,
   "horizon" TEXT,
   "home" TEXT
);
CREATE TABLE "withdrawals" (
   "article" INTEGER REFERENCES "articles"("id"),
   "noticed" TEXT,
   "confirmed" TEXT,
   "returned" TEXT,
   "how" TEXT,
   PRIMARY KEY ("article", "noticed")
);
CREATE TABLE "withheld" (
   "article" INTEGER,
   "since" TEXT,
   "reason" TEXT NOT NULL,
   "until" TEXT,
   PRIMARY KEY ("article", "since")
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
CREATE INDEX "idx_samples_portal_state"
    ON "samples" ("portal", "state");
CREATE UNIQUE INDEX "idx_provinces_slug"
    ON "provinces" ("slug");
CREATE INDEX "idx_article_provinces_how_province"
    ON "article_provinces" ("how", "province");
CREATE INDEX "idx_documents_code"
    ON "documents" ("code");
CREATE UNIQUE INDEX "idx_reprint_texts_article"
    ON "reprint_texts" ("article");
CREATE INDEX "idx_reprint_texts_digest"
    ON "reprint_texts" ("digest");
CREATE INDEX "idx_article_files_url"
    ON "article_files" ("url");
CREATE INDEX "idx_changes_number"
    ON "changes" ("number");
CREATE TRIGGER changes_articles_insert after insert on articles begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.id as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_articles_update after update on articles begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.id as article union select new.id as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_articles_delete after delete on articles begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.id as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_sections_insert after insert on article_sections begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_sections_update after update on article_sections begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_sections_delete after delete on article_sections begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_tags_insert after insert on article_tags begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_tags_update after update on article_tags begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_tags_delete after delete on article_tags begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_images_insert after insert on article_images begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_images_update after update on article_images begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_images_delete after delete on article_images begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_files_insert after insert on article_files begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_files_update after update on article_files begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_article_files_delete after delete on article_files begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_revisions_insert after insert on revisions begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_revisions_update after update on revisions begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_revisions_delete after delete on revisions begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_withdrawals_insert after insert on withdrawals begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_withdrawals_update after update on withdrawals begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_withdrawals_delete after delete on withdrawals begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_citations_insert after insert on citations begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_citations_update after update on citations begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_citations_delete after delete on citations begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_reprints_insert after insert on reprints begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article union select new.original as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_reprints_update after update on reprints begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select old.original as article union select new.article as article union select new.original as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_reprints_delete after delete on reprints begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select old.original as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_view_counts_insert after insert on view_counts begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_view_counts_update after update on view_counts begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_view_counts_delete after delete on view_counts begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_urls_insert after insert on urls begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_urls_update after update on urls begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_urls_delete after delete on urls begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_withheld_insert after insert on withheld begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_withheld_update after update on withheld begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article union select new.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_withheld_delete after delete on withheld begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select old.article as article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE TRIGGER changes_urls_replace before insert on urls begin insert into changes (article, number) select article, (select coalesce(max(number), 0) + 1 from changes) from (select article from urls where url = new.url and article is not new.article) where article is not null on conflict (article) do update set number = excluded.number; end;
CREATE INDEX "idx_run_portals_portal_run"
    ON "run_portals" ("portal", "run");
COMMIT;

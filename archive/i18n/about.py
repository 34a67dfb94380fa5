"""The words of the page about the archive, in the shape of i18n.STRINGS."""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
    "about_what": ("Kho lưu trữ này là gì", "What this is"),
    "about_what_1": (
        "Các ban dân vận tỉnh ủy, huyện ủy từng đăng tin về công tác của mình trên hàng chục cổng thông tin. Từ "
        "năm 2025 các ban này hợp nhất với ban tuyên giáo, cấp huyện kết thúc hoạt động, các tỉnh được sáp nhập, "
        "và nhiều cổng thông tin ngừng hoạt động. Kho lưu trữ giữ lại các bài đã đăng và mở ra cho mọi người tra "
        "cứu: nhà báo, nhà nghiên cứu, cán bộ, người dân.",
        "The boards for mass mobilization (dân vận) of Vietnam’s provincial and district party committees "
        "published their news on dozens of portals. Since 2025 these boards have been merged into others, "
        "districts abolished and provinces merged, and many of the portals are going dark. This archive keeps "
        "what they published and opens it to everyone: journalists, researchers, officials, citizens.",
    ),
    "about_what_2": (
        "Mỗi đêm kho hỏi lại các cổng thông tin: bài mới được lưu, bài cũ được xem lại. Bài bị sửa thì mọi phiên "
        "bản đều được giữ; bài bị gỡ thì ghi rõ thời điểm và vẫn giữ bản đã lưu. Trang gốc đã lưu nằm cạnh từng "
        "phiên bản để ai cũng kiểm chứng được.",
        "Every night the portals are visited again: new articles are kept, known ones looked at once more. Where "
        "an article is edited every version is kept; where one is taken down the time is noted and what was saved "
        "stays. The page as captured stands beside each version, so that anyone can check.",
    ),
    "about_independent": (
        "Kho lưu trữ không phải là trang của Đảng, Nhà nước hay của cổng thông tin nào, và không sửa, không bình "
        "luận nội dung bài viết.",
        "The archive is no site of the party, the state or any portal, and neither edits nor comments on what it "
        "keeps.",
    ),
    "about_numbers": (
        "Bản đang xem có {articles} bài viết của {portals} cổng thông tin, công bố lúc {when}.",
        "The copy before you holds {articles} articles of {portals} portals, published {when}.",
    ),
    "about_missing": ("Còn thiếu gì", "What is missing"),
    "about_missing_1": (
        "Bài đã mất trước khi kho bắt đầu lưu; bài chỉ người đăng nhập mới xem được; bài mà cổng thông tin không "
        "dẫn tới từ bất cứ trang nào.",
        "What was gone before the archive began; what only those who log in can read; what no page of a portal "
        "leads to.",
    ),
    "about_missing_2": (
        "Hình ảnh và video nằm trong bài: kho giữ lời chú thích và đường dẫn tới nơi đã đăng. Một số tệp đính kèm "
        "quá lớn hoặc không tải được.",
        "Pictures and videos in the text: the archive keeps their captions and links to where they stood. Some "
        "attached files were too large or could not be fetched.",
    ),
    "about_missing_3": (
        "Ở các cổng thông tin tổng hợp, chỉ những bài về công tác dân vận được công bố ở đây; việc chọn bài do "
        "quy tắc định sẵn thực hiện nên có thể sót hoặc thừa.",
        "Of general portals only articles on mass mobilization work are published here; rules choose them, so "
        "that some may be missed and some be beside the point.",
    ),
    "about_missing_4": (
        "Ngày sửa và ngày gỡ là ngày kho nhận thấy, có thể muộn hơn ngày việc đó xảy ra. Trước lần lưu đầu tiên, "
        "bài viết có thể đã bị sửa mà kho không biết.",
        "Edits and withdrawals bear the date on which they were noticed, which may be later than when they "
        "happened. Before it was first saved, an article may have been edited unknown to us.",
    ),
    "about_contact": ("Liên hệ", "Contact"),
    "about_contact_1": ("Viết cho người phụ trách kho lưu trữ:", "Write to those who run the archive:"),
    "about_no_contact": (
        "Người vận hành bản này chưa ghi địa chỉ liên hệ.",
        "Those who run this copy have not given an address.",
    ),
    "about_takedown": ("Yêu cầu gỡ hoặc đính chính", "Having something taken down or put right"),
    "about_takedown_1": (
        "Hãy gửi địa chỉ cố định của bài (dạng /a/…) và lý do tới địa chỉ liên hệ trên. Nếu yêu cầu có cơ sở – "
        "chẳng hạn bài làm lộ dữ liệu của một người, gây nguy hiểm cho ai đó, hoặc vi phạm bản quyền – bài sẽ "
        "không còn ở bất cứ đâu trên trang này kể từ lần công bố kế tiếp: trang bài viết, kết quả tìm kiếm, các "
        "phiên bản, trang gốc đã lưu và các tệp tải về.",
        "Send the permanent address of the article (/a/…) and the reason to the contact above. Where the request "
        "is founded – the article exposes a person’s data, puts someone in danger, or infringes a copyright – it "
        "is nowhere on this site from the next publishing on: not as a page, in search results, versions, "
        "captured pages or downloads.",
    ),
    "about_takedown_2": (
        "Việc một cổng thông tin tự gỡ bài không làm bài đó biến mất khỏi kho: bài được đánh dấu là đã bị gỡ. Nội "
        "dung sai thì kho không sửa, vì đó là điều cổng thông tin đã đăng; khi cổng thông tin đính chính, phiên "
        "bản mới sẽ được lưu.",
        "That a portal withdraws an article does not remove it from the archive: it is marked as withdrawn. "
        "Errors are not mended here, for they are what the portal published; when the portal corrects them, the "
        "new version is kept.",
    ),
    "about_data": ("Dữ liệu cá nhân", "Personal data"),
    "about_data_1": (
        "Về người đọc: trang này không ghi lại ai tìm gì, không dùng công cụ theo dõi, không tải gì từ máy chủ "
        "khác. Cookie duy nhất ghi ngôn ngữ bạn chọn, và chỉ có khi bạn chọn tiếng Anh.",
        "Of readers: this site does not record who searches for what, uses no tracking, and loads nothing from "
        "other hosts. Its only cookie remembers the language you chose, and is there only if you chose English.",
    ),
    "about_data_2": (
        "Về người được nhắc đến trong bài: kho giữ những gì cơ quan công quyền đã công bố. Ai cho rằng việc lưu "
        "giữ gây hại cho mình có thể yêu cầu gỡ như trên.",
        "Of people named in articles: the archive keeps what public bodies have published. Whoever is harmed by "
        "that may ask for a takedown as above.",
    ),
    "about_licence": ("Quyền đối với bài viết", "Rights in the texts"),
    "about_licence_1": (
        "Bài viết thuộc về cổng thông tin đã đăng và tác giả của bài; kho lưu trữ không cấp phép thay họ. Tin tức "
        "thời sự thuần túy đưa tin và văn bản hành chính không thuộc phạm vi bảo hộ quyền tác giả theo Luật Sở "
        "hữu trí tuệ (Điều 15). Khi trích dẫn, xin ghi cổng thông tin, ngày đăng và địa chỉ cố định; mỗi trang "
        "bài viết có sẵn mục “Trích dẫn bài này”.",
        "The articles belong to the portals that published them and to their authors; the archive grants no "
        "licence in their place. Under Vietnam’s Intellectual Property Law (Article 15) mere news of the day and "
        "administrative documents are not protected by copyright. When quoting, name the portal, the day and the "
        "permalink; “Cite this article” on each page has it ready.",
    ),
    "about_portals": ("Các cổng thông tin được lưu trữ", "The portals that are archived"),
    "about_use": ("Dùng dữ liệu", "Using the data"),
    "about_use_1": (
        "Mọi bảng dữ liệu đều có thể xem, lọc và tải về; mỗi địa chỉ /a/… là cố định.",
        "All tables can be viewed, filtered and downloaded; each /a/… address is permanent.",
    ),
}

/** Where a tap leads: a web page, or a mini program of the platform. */
export type WecomLink =
  | { readonly type: 1; readonly url: string }
  | { readonly type: 2; readonly appid: string; readonly pagepath?: string };

/** A heading. */
export interface WecomCardTitle {
  /** Up to 26 characters; in `emphasis_content` up to 10. */
  readonly title?: string;
  /** Up to 30 characters; in `emphasis_content` up to 15. */
  readonly desc?: string;
}

/** A row of `horizontal_content_list`: a label and its value. */
export interface WecomCardRow {
  /** Absent: plain text. 1: `url`, 2: `media_id` of a file, 3: `userid` of a member. */
  readonly type?: 1 | 2 | 3;
  /** Up to 5 characters. */
  readonly keyname: string;
  /** Up to 26 characters. */
  readonly value?: string;
  readonly url?: string;
  readonly media_id?: string;
  readonly userid?: string;
}

/** What both kinds of card have. */
export interface WecomCardBase {
  readonly source?: {
    readonly icon_url?: string;
    /** Up to 13 characters. */
    readonly desc?: string;
    /** 0 grey, 1 black, 2 red, 3 green. */
    readonly desc_color?: 0 | 1 | 2 | 3;
  };
  readonly quote_area?: ({ readonly type?: 0 } | WecomLink) & { readonly title?: string; readonly quote_text?: string };
  /** Up to 6 rows. */
  readonly horizontal_content_list?: readonly WecomCardRow[];
  /** Up to 3 links; `title` up to 13 characters. */
  readonly jump_list?: readonly (({ readonly type?: 0 } | WecomLink) & { readonly title: string })[];
  /** Where a tap on the whole card leads. */
  readonly card_action: WecomLink;
}

/** A card of words. It needs `main_title.title` or `sub_title_text`. */
export interface WecomTextCard extends WecomCardBase {
  readonly card_type: "text_notice";
  readonly main_title?: WecomCardTitle;
  readonly emphasis_content?: WecomCardTitle;
  /** Up to 112 characters. */
  readonly sub_title_text?: string;
}

/** A card with a picture. */
export interface WecomNewsCard extends WecomCardBase {
  readonly card_type: "news_notice";
  readonly main_title: WecomCardTitle;
  readonly card_image: {
    readonly url: string;
    /** Width by height, above 1.3 and below 2.25. */
    readonly aspect_ratio?: number;
  };
  readonly image_text_area?: ({ readonly type?: 0 } | WecomLink) & {
    readonly title?: string;
    readonly desc?: string;
    readonly image_url: string;
  };
  /** Up to 4; `title` up to 26 characters, `desc` up to 112. */
  readonly vertical_content_list?: readonly { readonly title: string; readonly desc?: string }[];
}

/** The content of a `template_card` message. */
export type WecomTemplateCard = WecomTextCard | WecomNewsCard;

/** Properties of every element. */
const COMMON = "tag element_id margin fallback";
/** Properties of everything that a user can act on. */
const INTERACTIVE = `${COMMON} name required disabled disabled_tips hover_tips confirm behaviors width`;
/** Properties of everything that holds elements. */
const CONTAINER = `${COMMON} elements direction padding horizontal_spacing horizontal_align vertical_spacing vertical_align`;
const SELECT = `${INTERACTIVE} type placeholder options`;

/**
 * The elements of a card of schema 2.0, with the properties that each may have ("卡片 JSON 2.0 结构" and the pages of its components).
 *
 * `note` and `action` are missing: they exist only in 1.0.
 */
export const CARD_ELEMENTS: ReadonlyMap<string, ReadonlySet<string>> = tableOf({
  markdown: `${COMMON} content text_align text_size icon href`,
  div: `${COMMON} text icon width`,
  hr: COMMON,
  img: `${COMMON} img_key alt title corner_radius scale_type size transparent preview`,
  img_combination: `${COMMON} combination_mode corner_radius combination_transparent img_list`,
  person: `${COMMON} user_id size show_avatar show_name style`,
  person_list: `${COMMON} persons size lines show_avatar show_name drop_invalid_user_id icon ud_icon`,
  chart: `${COMMON} chart_spec aspect_ratio color_theme preview height`,
  table: `${COMMON} columns rows row_height row_max_height header_style page_size freeze_first_column`,
  audio: `${COMMON} audio_id file_key show_time show_progress_bar style width`,
  column_set: `${COMMON} columns flex_mode background_style horizontal_spacing horizontal_align action`,
  column: `${CONTAINER} width weight background_style action`,
  form: `${CONTAINER} name confirm`,
  interactive_container: `${CONTAINER} ${INTERACTIVE} height background_style has_border border_color corner_radius`,
  collapsible_panel: `${CONTAINER} expanded header background_color border`,
  button: `${INTERACTIVE} type size text icon form_action_type`,
  input: `${INTERACTIVE} placeholder default_value max_length input_type show_icon rows auto_resize max_rows label label_position`,
  overflow: `${INTERACTIVE} options`,
  select_static: `${SELECT} initial_option initial_index`,
  multi_select_static: `${SELECT} selected_values`,
  select_person: `${SELECT} initial_option`,
  multi_select_person: `${SELECT} selected_values`,
  date_picker: `${INTERACTIVE} placeholder initial_date`,
  picker_time: `${INTERACTIVE} placeholder initial_time`,
  picker_datetime: `${INTERACTIVE} placeholder initial_datetime`,
  select_img: `${INTERACTIVE} options style layout multi_select can_preview aspect_ratio`,
  checker: `${INTERACTIVE} checked text overall_checkable button_area checked_style padding`,
});

/** What stands inside an element, with the properties that each may have. */
export const CARD_PARTS: ReadonlyMap<string, ReadonlySet<string>> = tableOf({
  plain_text: "tag element_id content i18n_content text_size text_color text_align lines",
  lark_md: "tag element_id content i18n_content text_size text_color text_align lines icon",
  standard_icon: "tag token color size",
  custom_icon: "tag img_key size",
  text_tag: "tag element_id text color",
  fallback_text: "tag text",
});

/** The properties of the card itself, and of its three parts. */
export const CARD_PROPERTIES: ReadonlyMap<string, ReadonlySet<string>> = tableOf({
  card: "schema config card_link header body",
  config:
    "streaming_mode streaming_config summary locales enable_forward enable_forward_interaction update_multi width_mode use_custom_translation style",
  header: "title subtitle template icon text_tag_list i18n_text_tag_list padding",
  body: "elements direction padding horizontal_spacing horizontal_align vertical_spacing vertical_align",
});

function tableOf(words: Readonly<Record<string, string>>): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(words).map(([tag, properties]) => [tag, new Set(properties.split(" "))]));
}

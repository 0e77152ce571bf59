import * as v from "valibot";

const filled = v.pipe(v.string(), v.nonEmpty());
const style = v.exactOptional(v.array(v.picklist(["bold", "underline", "lineThrough", "italic", "codeInline"])));

const NODE = v.variant("tag", [
  v.strictObject({ tag: v.literal("text"), text: v.string(), un_escape: v.exactOptional(v.boolean()), style }),
  v.strictObject({ tag: v.literal("a"), text: v.string(), href: filled, style }),
  v.strictObject({ tag: v.literal("at"), user_id: filled, user_name: v.exactOptional(v.string()), style }),
  v.looseObject({ tag: v.literal("img"), image_key: filled }),
  v.looseObject({ tag: v.literal("media"), file_key: filled, image_key: v.exactOptional(v.string()) }),
  v.strictObject({ tag: v.literal("emotion"), emoji_type: filled }),
  v.strictObject({ tag: v.literal("hr") }),
  v.strictObject({ tag: v.literal("code_block"), language: v.exactOptional(v.string()), text: v.string() }),
  v.strictObject({ tag: v.literal("md"), text: v.string() }),
]);
const PARAGRAPH = v.pipe(
  v.array(NODE),
  v.check((nodes) => nodes.length === 1 || nodes.every(({ tag }) => tag !== "md"), "md must be alone in its paragraph"),
);

/** A rich text in the languages that it is sent in ("发送消息内容"). */
export type Post = Readonly<Record<string, PostText>>;

/** A rich text in one language. */
export interface PostText {
  readonly title?: string;
  readonly content: readonly (readonly PostNode[])[];
}

/** A piece of a paragraph. */
export type PostNode =
  | { readonly tag: "text" | "md" | "code_block"; readonly text: string }
  | { readonly tag: "a"; readonly text: string; readonly href: string }
  | { readonly tag: "at"; readonly user_id: string; readonly user_name?: string }
  | { readonly tag: "img"; readonly image_key: string }
  | { readonly tag: "media"; readonly file_key: string }
  | { readonly tag: "emotion"; readonly emoji_type: string }
  | { readonly tag: "hr" };

/** The content of a `post` that is sent. */
export const POST: v.GenericSchema<unknown, Post> = v.pipe(
  v.record(
    v.pipe(v.string(), v.regex(/^[a-z]{2}_[a-z]{2}$/, "is no language")),
    v.strictObject({ title: v.exactOptional(v.string()), content: v.pipe(v.array(PARAGRAPH), v.minLength(1)) }),
  ),
  v.check((post) => Object.keys(post).length > 0, "needs a language"),
);

/** The keys of the images in a post, and of its videos. */
export function keysOfPost(post: Post): { readonly images: readonly string[]; readonly videos: readonly string[] } {
  const nodes = Object.values(post).flatMap(({ content }) => content.flat());
  return {
    images: nodes.flatMap((node) => (node.tag === "img" ? [node.image_key] : [])),
    videos: nodes.flatMap((node) => (node.tag === "media" ? [node.file_key] : [])),
  };
}

/** A post as people read it in its first language: title, then one line per paragraph. */
export function postText(post: Post): string {
  const [first] = Object.values(post);
  if (first === undefined) return "";
  const lines = first.content.map((paragraph) => paragraph.map(wordsOf).join(""));
  return [...(first.title === undefined || first.title === "" ? [] : [first.title]), ...lines].join("\n");
}

function wordsOf(node: PostNode): string {
  switch (node.tag) {
    case "text":
    case "md":
    case "code_block":
      return node.text;
    case "a":
      return `[${node.text}](${node.href})`;
    case "at":
      return `@${node.user_name ?? node.user_id}`;
    case "emotion":
      return `:${node.emoji_type}:`;
    case "hr":
      return "---";
    case "img":
    case "media":
      return "";
  }
}

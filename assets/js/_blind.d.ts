// Shapes of blind reviews; _types.d.ts has those of all reviews.

/** Two results of a photo of a blind review. */
interface Duel {
  /** The photo's place in the sheet, from 1. */
  at: number;
  /** The path of the photo's own page. */
  page: string;
  photo: IndexedPhoto;
  /** The methods that are A and B. */
  sides: [string, string];
}

/** How a reviewer voted on a duel. */
interface Vote {
  preference: Preference;
  /** In terms of the duel, whose A may be the preference's B. */
  choice: Preference["choice"];
}

/** What a vote on a photo says of it, and who A and B are. */
interface VotedPhoto {
  about: Pick<Preference, "photo" | "photo_sha256" | "a" | "b">;
  sides: (Side & { title: string })[];
}

/** Of review/blind.html. */
type BlindPageData = {
  /** The site's. */
  title: string;
  /** The path of this page. */
  page: string;
  photoPages: string;
  sheet: string;
  index: string;
};

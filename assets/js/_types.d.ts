// Shapes that scripts share: what the pipeline publishes, what includes write, what a view is.
// Jekyll does not publish files whose names begin with an underscore.

// In _data/gallery.json (docs/gallery.schema.json); pages carry the parts that scripts need.

interface VerdictWord {
  name: string;
  label: string;
  key: string;
}

/** The words of gallery.json's `vocabulary` that _includes/review/tools.html hands on. */
interface ReviewVocabulary {
  verdicts: VerdictWord[];
  reasons: string[];
}

interface Size {
  width: number;
  height: number;
}

interface Point {
  x: number;
  y: number;
}

/** A rectangle of a photo, in fractions of its size. */
interface Patch extends Point, Size {}

// Of review/photos.json.

interface IndexedPhoto {
  /** `<dataset>/<file name>` */
  photo: string;
  title: string;
  /** The first 12 digits. */
  sha256: string;
  /** The narrowest web size. */
  src: string;
  /** By the method's name, the first 12 digits of the checkpoint's sha256. */
  results: Record<string, string>;
}

interface ReviewIndex {
  /** By the path of the photo's page, with the baseurl. */
  photos: Record<string, IndexedPhoto>;
}

/** What a sheet's link says. */
interface Sheet {
  /** `<dataset>/<slug>` of each photo. */
  ids: string[];
  /** How to look at them, as a fragment without its #; or empty. */
  view: string;
  /** The method whose results are reviewed; empty: any. */
  method: string;
  /** Two results of each photo are compared, without names. */
  blind: boolean;
}

// In the browser's storage and in exported files.

interface Verdict {
  /** Empty where whoever gave it in this browser has not said a name yet. */
  reviewer: string;
  /** `<dataset>/<file name>`, as it was called then. */
  photo: string;
  photo_sha256: string;
  /** The method's name then. */
  method: string;
  /** What made the result: the checkpoint's sha256. */
  result_sha256: string;
  verdict: string;
  reasons: string[];
  note: string;
  /** Shows what the reviewer saw. */
  link: string;
  /** RFC 3339, with a zone. */
  when: string;
}

/** By reviewer, photo and result. */
type Verdicts = Map<string, Verdict>;

/** One of two results that were compared. */
interface Side {
  method: string;
  result_sha256: string;
}

/** Which of two results a reviewer prefers, not knowing which is which. */
interface Preference {
  reviewer: string;
  photo: string;
  photo_sha256: string;
  a: Side;
  b: Side;
  choice: "a" | "b" | "same";
  when: string;
}

// Data attributes.

/** Of _includes/review/bar.html. */
type ReviewBarData = {
  build: string;
  /** The path of this page. */
  page: string;
  photo: string;
  sha256: string;
  title: string;
  /** `owner/name` on GitHub, or empty. */
  repository: string;
  /** The path under which photos have their pages. */
  photoPages: string;
  /** The path of the review sheet's page. */
  sheet: string;
  /** The path of review/photos.json. */
  index: string;
};

/** Of each method's part of the review. */
type ReviewedResultData = { method: string; title: string; resultSha256: string };

/** Of review/index.html. */
type SheetPageData = {
  build: string;
  index: string;
  photoPages: string;
  repository: string;
  blindPage: string;
};

/** Of what is around _includes/review/tools.html. */
type ReviewToolsData = { build: string; index: string };

/** Of an item of a gallery's grid. */
type GridItemData = {
  name: string;
  /** The first 12 digits. */
  sha256: string;
  /** The first 12 digits of the sha256 of what made each result, with commas between. */
  results: string;
  /** The verdicts on the photo, and "open" where a result has none; absent: open. */
  verdicts?: string;
  /** There where reviewers whose verdicts were merged disagree on a result. */
  disagree?: string;
};

/** Of <photo-compare>, by _includes/viewer/viewer.html. */
type ViewerData = {
  width: string;
  height: string;
  page: string;
  build: string;
  before: string;
  after: string;
  /** There where the page is the photo's own. */
  own?: string;
  /** There where the divider is the only control. */
  bare?: string;
};

/** Of a viewer's figure. */
type PictureData = {
  /** The kind, and the method's name where the picture is a result's: `mask.u2net`. */
  source: string;
  /** The file of full size, where the browser's choice is not enough, and its bytes. */
  full?: string;
  bytes?: string;
  /** The first 12 digits of what made it: its checkpoint's sha256. */
  result?: string;
  /** Patches as JSON. */
  edges?: string;
  part?: string;
};

// Views, as links carry them (docs/sharing.md).

interface View {
  a: string;
  b: string;
  mode: string;
  at: number;
  zoom: number;
  x: number;
  y: number;
  shows: string;
  opacity: number;
  gain: number;
  level: number;
  backdrop: string;
}

/** Where a view is, whatever the window: the part of the photo in view, and the divider's column. */
interface Place {
  rect: Patch;
  cut: number;
}

/** What of a stage shows one picture; panes are beside each other, or rows. */
interface Pane extends Size {
  isRow?: boolean;
}

type ViewerControls = HTMLFormControlsCollection &
  Record<"a" | "b" | "backdrop", HTMLSelectElement> &
  Record<"at" | "colour" | "opacity" | "gain" | "level", HTMLInputElement> &
  Record<"mode", RadioNodeList>;

type ViewerForm = HTMLFormElement & { elements: ViewerControls };

/** What other scripts read of a viewer; nothing before its script has run. */
interface PhotoCompareElement extends HTMLElement {
  link?: string;
  method?: string;
  result?: { method: string; sha: string };
  /** The fragment of the way of looking: sources, mode and backdrop, but no place. */
  way?: string;
  crop?: Patch;
}

// The slider: its settings (docs/includes.md), and what we use of Ideal Image Slider.

type SliderSettings = {
  height: string | number;
  initialHeight: number;
  maxHeight: number;
  interval: number;
  transitionDuration: number;
  effect: string;
  disableNav: boolean;
  keyboardNav: boolean;
  previousNavSelector: string;
  nextNavSelector: string;
  onInit: string;
  onStart: string;
  onStop: string;
  beforeChange: string;
  afterChange: string;
};

/** The slides are the library's own elements until adoptSlides() puts ours in their places. */
interface LibraryAttributes {
  container: HTMLElement;
  slides: HTMLElement[];
  previousSlide: HTMLElement;
  currentSlide: HTMLElement;
  nextSlide: HTMLElement;
}

interface SliderLibrary {
  _attributes: LibraryAttributes;
  settings: { classes: { animating: string } };
  start(): void;
  stop(): void;
  previousSlide(): void;
  nextSlide(): void;
  gotoSlide(number: number): void;
}

/** Buttons, of which a slider may have none. */
interface SliderNav {
  previous?: HTMLElement;
  next?: HTMLElement;
}

interface Rotation {
  running(): boolean;
  start(): void;
  stop(): void;
}

/** What scripts of the page may call. */
interface SliderApi {
  start(): void;
  stop(): void;
  previousSlide(): void;
  nextSlide(): void;
  gotoSlide(number: number): void;
}

interface SliderElement extends HTMLElement {
  slider?: SliderApi;
}

type LibrarySlider = new (settings: object) => SliderLibrary;

interface Window {
  IdealImageSlider?: { Slider: LibrarySlider };
}

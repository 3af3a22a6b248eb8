import { shortImage } from './short-image.js';

/** Images by their short names, each in full on hover. */
export function ImageNames({ images }: { images: readonly string[] }) {
  return images.map((image) => (
    <span key={image} title={image} className="reference">
      {shortImage(image)}
    </span>
  ));
}

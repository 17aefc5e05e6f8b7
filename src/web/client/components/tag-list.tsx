import './tag-list.css';
import { Link } from 'wouter';

/** A sensor’s tags; each leads to all sensors with it. */
export function TagList({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <ul className="tag-list" aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag}>
          <Link href={`/?${new URLSearchParams({ tag }).toString()}`}>
            <bdi>{tag}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  );
}

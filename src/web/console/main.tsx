// Starts the page once it is known where it runs.
import './styles/ground.css';
import './styles/frame.css';
import './styles/states.css';
import './styles/records.css';
import './styles/record.css';
import './styles/figures.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { learnSettings } from './settings.js';
import { resume } from './signing-in/session.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html lacks #root');
await learnSettings();
resume();
createRoot(root).render(<App />);

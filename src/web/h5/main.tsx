// Starts the page once it is known where it runs.
import './styles/ground.css';
import './styles/screen.css';
import './styles/form.css';
import './styles/notice.css';
import './styles/standing.css';
import './styles/sheet.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { takeUpReturn } from './route.js';
import { learnSettings } from './settings.js';
import { resume } from './signing-in/session.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html lacks #root');
takeUpReturn();
await learnSettings();
await resume();
createRoot(root).render(<App />);

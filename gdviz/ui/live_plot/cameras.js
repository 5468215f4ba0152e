// Plotly notes where a scene's camera is when the mouse is let go. But the camera glides after the mouse, frame by
// frame, and on a busy machine it has a long way to go then; the next drawing would turn the scene back.

/** Notes where the cameras are now, of those scenes that were turned by hand. */
export function noteCameras(plot) {
  for (const id of plot._fullLayout?._subplots?.gl3d ?? []) {
    if (`${id}.camera` in plot._fullLayout._preGUI) plot._fullLayout[id]._scene?.saveLayout(plot.layout);
  }
}
